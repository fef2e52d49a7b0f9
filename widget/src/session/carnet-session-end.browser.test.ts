import { afterEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { CarnetDeposit } from "../deposit/carnet-deposit.ts";
import type { DepositAuthor } from "../deposit/draft.ts";
import type { CarnetSummary } from "../summary/carnet-summary.ts";
import { insAttribute, odile } from "../testing/fixtures.ts";
import { axeViolations, find, reached, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService } from "../testing/record-server.ts";
import type { SessionEndingDetail } from "./carnet-session-end.ts";

const depositAuthor: DepositAuthor = {
  rpps: "899700000001",
  family: "MODELE",
  given: "Ines",
  profession: "G15_10",
  organization: { id: "1990000001", name: "Cabinet", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
};
const minutes = (count: number) => count * 60_000;
const written = "Pensez à reprendre rendez-vous";

/** Each form of the panel in which somebody writes: the way to it, and the field. */
const forms = {
  message: {
    authorisation: "valid",
    state: "ready",
    way: "[data-message]",
    element: "carnet-patient-messages",
    field: "textarea",
  },
  reason: {
    authorisation: "none",
    state: "consent-needed",
    way: undefined,
    element: "carnet-access",
    field: "textarea",
  },
  deposit: {
    authorisation: "valid",
    state: "ready",
    way: "[data-deposit]",
    element: "carnet-deposit",
    field: "[name=title]",
  },
} as const;

async function panelAt(
  form: keyof typeof forms,
  properties: object,
): Promise<{ panel: CarnetSummary; field: HTMLTextAreaElement }> {
  const { authorisation, state, way, element, field } = forms[form];
  const service = startService([{ person: odile, authorisation }]);
  const panel = summaryElement({ client: service.client(), ins: insAttribute(odile), depositAuthor, ...properties });
  await reached(panel, state);
  if (way !== undefined) find(panel, way).click();
  await until(() => panel.shadowRoot?.querySelector(element)?.shadowRoot != null, element);
  const inner = find(panel, element);
  if (form === "deposit") {
    const file = new File(["Bonjour"], "note.txt", { type: "text/plain" });
    await until(() => inner instanceof CarnetDeposit, "defined");
    if (inner instanceof CarnetDeposit) await inner.choose(file);
  }
  if (form === "reason") {
    await until(() => inner.shadowRoot?.querySelector("[data-open=break-glass]") != null, "offered");
    find(inner, "[data-open=break-glass]").click();
  }
  await until(() => inner.shadowRoot?.querySelector(field) != null, field);
  return { panel, field: find<HTMLTextAreaElement>(inner, field) };
}

const watch = (panel: HTMLElement) => find(panel, "carnet-session-end");
const said = (panel: HTMLElement) =>
  watch(panel).shadowRoot?.querySelector<HTMLElement>("[data-session]")?.dataset.session;

function write(field: HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
}

describe("the end of the reader's session", () => {
  afterEach(() => void vi.useRealTimers());

  for (const form of ["message", "reason", "deposit"] as const) {
    it(`warns who is writing in the ${form} form, renews by keyboard, and leaves the text where it stands`, async () => {
      const renewSession = vi.fn(() => Promise.resolve(Date.now() + minutes(60)));
      const { panel, field } = await panelAt(form, { sessionEnd: Date.now() + minutes(4), renewSession });
      await until(() => watch(panel).shadowRoot !== null, "watched");
      expect(said(panel)).toBeUndefined();
      write(field, written);
      await until(() => said(panel) === "soon", "warned");
      expect(textOf(watch(panel))).toMatch(
        /Votre session se termine à \d\d h \d\d\. Ce que vous avez écrit n’est pas envoyé/,
      );
      expect(await axeViolations(panel)).toEqual([]);
      find(watch(panel), "[data-renew]").focus();
      await userEvent.keyboard("{Enter}");
      await until(() => said(panel) === undefined, "renewed");
      expect(textOf(watch(panel))).toContain("Session renouvelée");
      expect(renewSession).toHaveBeenCalledOnce();
      expect(field.isConnected && field.value).toBe(written);
    });
  }

  it("warns five minutes before, says when it is over, and keeps the text when the renewal fails", async () => {
    let isRefused = true;
    const renewSession = () => (isRefused ? Promise.reject(new Error("refused")) : Promise.resolve(undefined));
    const { panel, field } = await panelAt("message", { renewSession });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const heard: SessionEndingDetail[] = [];
    panel.addEventListener("carnet-session-ending", (event) => heard.push((event as CustomEvent).detail));
    panel.sessionEnd = new Date(Date.now() + minutes(60));
    await until(() => panel.shadowRoot?.querySelector("carnet-session-end")?.shadowRoot != null, "watched");
    write(field, written);
    vi.advanceTimersByTime(minutes(54));
    await panel.updateComplete;
    expect(said(panel)).toBeUndefined();
    vi.advanceTimersByTime(minutes(1));
    await until(() => said(panel) === "soon", "warned");
    vi.advanceTimersByTime(minutes(5));
    await until(() => said(panel) === "over", "over");
    expect(heard.map(({ isOver }) => isOver)).toEqual([false, true]);
    expect(JSON.stringify(heard)).not.toContain(written);
    find(watch(panel), "[data-renew]").click();
    await until(() => textOf(watch(panel)).includes("n’a pas été renouvelée"), "failure told");
    expect(field.isConnected && field.value).toBe(written);
    isRefused = false;
    find(watch(panel), "[data-renew]").click();
    panel.sessionEnd = Date.now() + minutes(60);
    await until(() => said(panel) === undefined, "renewed by the host");
  });

  it("never covers what has the focus in a side panel: neither as it appears, nor as the focus moves on", async () => {
    await page.viewport(320, 480);
    try {
      const { panel, field } = await panelAt("message", { renewSession: () => undefined });
      panel.sessionEnd = Date.now() + minutes(4);
      await until(() => panel.shadowRoot?.querySelector("carnet-session-end")?.shadowRoot != null, "watched");
      // The page goes on below the panel, and the field stands at its lower edge.
      document.body.style.minBlockSize = "2000px";
      field.focus();
      const toTheEdge = (element: HTMLElement) => scrollBy(0, element.getBoundingClientRect().bottom - innerHeight);
      toTheEdge(field);
      write(field, written);
      await until(() => said(panel) === "soon", "warned");
      const top = () => watch(panel).getBoundingClientRect().top;
      expect(top()).toBeLessThan(innerHeight - 40);
      await until(() => field.getBoundingClientRect().bottom <= top(), "the field in view");
      const messages = find(panel, "carnet-patient-messages");
      const send = [...(messages.shadowRoot?.querySelectorAll<HTMLElement>("button") ?? [])].at(-1);
      if (send === undefined) throw new Error("no button after the field");
      toTheEdge(send);
      // Reached by keyboard, where the browser believes it in view.
      field.focus({ preventScroll: true });
      for (let step = 0; step < 20 && messages.shadowRoot?.activeElement !== send; step++)
        await userEvent.keyboard("{Tab}");
      expect(messages.shadowRoot?.activeElement).toBe(send);
      await until(() => send.getBoundingClientRect().bottom <= top(), "the button in view");
    } finally {
      document.body.style.minBlockSize = "";
      await page.viewport(1000, 800);
    }
  });

  it("is left to a host that warns by itself, and says nothing of an end that is no instant", async () => {
    const { panel, field } = await panelAt("message", { sessionEnd: "soon" });
    await until(() => watch(panel).shadowRoot !== null, "watched");
    write(field, written);
    await panel.updateComplete;
    expect(said(panel)).toBeUndefined();
    const endings = vi.fn((event: Event) => event.preventDefault());
    panel.addEventListener("carnet-session-ending", endings);
    panel.sessionEnd = Date.now() + minutes(1);
    await until(() => endings.mock.calls.length === 1, "host told");
    expect(said(panel)).toBeUndefined();
  });
});
