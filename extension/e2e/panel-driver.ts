import { writeFile } from "node:fs/promises";

/** What a browser must be able to do with the panel's page. */
export interface Evaluator {
  /** Evaluate an expression (a promise is awaited) and give back its JSON value. */
  evaluate(expression: string): Promise<unknown>;
  /** A real click of the mouse at this point of the panel, in CSS pixels: the browser counts it as a gesture. */
  pressAt(x: number, y: number): Promise<void>;
  /** A real key, with Control held or not. Chromium only: Firefox has no such way into its sidebar. */
  pressKey?(key: string, options?: { readonly isControl: boolean }): Promise<void>;
  /** The theme that the system asks for. Chromium only. */
  setColours?(scheme: "light" | "dark"): Promise<void>;
  /** PNG of the panel. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * The panel as a person uses it, the same in both browsers: text, clicks, fields. Everything waits for its element,
 * up to 20 seconds, and an error says what was on screen instead (the panel of a test holds fictitious people only).
 */
export interface PanelDriver extends Evaluator {
  /** Stage of the panel: `signed-out`, `empty`, `reading`, `choice`, `problem`, `review`, `filed`. */
  stage(): Promise<string>;
  waitForStage(...stages: readonly string[]): Promise<string>;
  /** Verdict on the identity: `certain`, `doubtful`, `wrong`, `missing`, `refused`, `no-record`, `closed`, `looking`… */
  waitForIdentity(...verdicts: readonly string[]): Promise<string>;
  /** State of the document that left: `queued`, `sending`, `sent`, `refused`. */
  waitForRow(...states: readonly string[]): Promise<string>;
  text(): Promise<string>;
  waitForText(text: string | RegExp): Promise<void>;
  waitFor(selector: string): Promise<void>;
  exists(selector: string): Promise<boolean>;
  click(selector: string): Promise<void>;
  /** A real click, for what the browser only does in a person's gesture (asking for a permission). */
  press(selector: string): Promise<void>;
  fill(selector: string, value: string): Promise<void>;
  attribute(selector: string, name: string): Promise<string | null>;
  /** Write a picture of the panel. */
  picture(path: string): Promise<void>;
}

const timeoutMs = 20_000;

export function asPage(evaluator: Evaluator): PanelDriver {
  const quote = (value: unknown) => JSON.stringify(value);
  const query = (selector: string) => `document.querySelector(${quote(selector)})`;
  // As it is read: which of the spaces may not break is for the tables' own test.
  const text = async () => String(await evaluator.evaluate("document.body?.innerText ?? ''")).replaceAll("\u00a0", " ");

  const until = async <T>(what: string, probe: () => Promise<T | undefined>): Promise<T> => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = await probe();
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        const problem = await evaluator.evaluate(
          "(({ problem, detail }) => [problem, detail].filter(Boolean).join(' '))(document.querySelector('[data-problem]')?.dataset ?? {})",
        );
        throw new Error(`${what}: not within ${timeoutMs} ms. ${String(problem)}\nOn screen:\n${await text()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  };
  const read = async (expression: string) => {
    const value = await evaluator.evaluate(expression);
    return typeof value === "string" ? value : undefined;
  };
  const oneOf = (what: string, expression: string, wanted: readonly string[]) =>
    until(`${what} ${wanted.join(" or ")}`, async () => {
      const value = await read(expression);
      return value !== undefined && wanted.includes(value) ? value : undefined;
    });
  const stageExpression = `document.querySelector('[data-stage]')?.dataset.stage ?? ''`;

  const driver: PanelDriver = {
    ...evaluator,
    stage: async () => (await read(stageExpression)) ?? "",
    waitForStage: (...stages) => oneOf("stage", stageExpression, stages),
    waitForIdentity: (...verdicts) =>
      oneOf("identity", `document.querySelector('[data-identity]')?.dataset.identity ?? ''`, verdicts),
    waitForRow: (...states) => oneOf("row", `document.querySelector('[data-row]')?.dataset.row ?? ''`, states),
    text,
    waitForText: async (wanted) => {
      await until(`text ${String(wanted)}`, async () => {
        const shown = await text();
        const isThere = typeof wanted === "string" ? shown.includes(wanted) : wanted.test(shown);
        return isThere ? true : undefined;
      });
    },
    waitFor: async (selector) => {
      await until(selector, async () =>
        (await evaluator.evaluate(`${query(selector)} !== null`)) === true ? true : undefined,
      );
    },
    exists: async (selector) => (await evaluator.evaluate(`${query(selector)} !== null`)) === true,
    // Looked at and clicked in one step: between two, the panel may have drawn itself anew.
    click: async (selector) => {
      await until(`${selector} enabled`, async () => {
        const isClicked = await evaluator.evaluate(
          `(() => { const e = ${query(selector)}; if (e === null || e.disabled) return false; e.click(); return true; })()`,
        );
        return isClicked === true ? true : undefined;
      });
    },
    press: async (selector) => {
      await driver.waitFor(selector);
      const point = (await evaluator.evaluate(`(() => {
        const element = ${query(selector)};
        element.scrollIntoView({ block: "center" });
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      })()`)) as { x: number; y: number };
      await evaluator.pressAt(point.x, point.y);
    },
    fill: async (selector, value) => {
      await driver.waitFor(selector);
      // The setter of the prototype: the framework watches the property of the element itself.
      await evaluator.evaluate(`(() => {
        const field = ${query(selector)};
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, ${quote(value)});
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      })()`);
    },
    attribute: async (selector, name) => {
      const value = await evaluator.evaluate(`${query(selector)}?.getAttribute(${quote(name)}) ?? null`);
      return typeof value === "string" ? value : null;
    },
    picture: async (path) => writeFile(path, await evaluator.screenshot()),
  };
  return driver;
}
