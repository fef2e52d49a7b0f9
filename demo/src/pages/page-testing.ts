/** What the tests of the patient page share: a record at the network's edge, a section in a page, and axe. */
import { type CarnetClient, connect, type RecordHandle } from "@carnet/sdk";
import type { Bundle, FhirResource } from "@carnet/sdk/fhir";
import axe from "axe-core";
import type { LitElement } from "lit";

export const ins = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "288053726104286" };

export interface Asked {
  readonly method: string;
  /** Behind `/fhir/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Aborted when whoever asked wants the answer no more. */
  readonly signal: AbortSignal;
}

/** A client whose requests end here, at the network's edge. */
export function clientOf(answer: (asked: Asked) => Response | Promise<Response>): CarnetClient {
  const fetchFromMemory: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    return answer({
      method: request.method,
      path: pathname.replace("/fhir/", ""),
      query: searchParams,
      body: await request.text(),
      signal: request.signal,
    });
  };
  return connect({
    baseUrl: "https://record.example/fhir",
    accessToken: () => "token",
    fetch: fetchFromMemory,
    locale: "fr",
    retry: { retries: 0 },
  });
}

export const recordOf = (answer: Parameters<typeof clientOf>[0]): RecordHandle => clientOf(answer).record(ins);

export const fhir = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/fhir+json" } });

export const refusal = () =>
  fhir({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "forbidden" }] }, 403);

export const searchSet = (...resources: readonly FhirResource[]): Bundle => ({
  resourceType: "Bundle",
  type: "searchset",
  total: resources.length,
  ...(resources.length > 0 && { entry: resources.map((resource) => ({ resource, search: { mode: "match" } })) }),
});

/** What the tests touch of a section. */
export interface ShownView extends LitElement {
  readonly renderRoot: ShadowRoot;
  record: RecordHandle | undefined;
}

/** Puts a section into the page. */
export async function show(
  tag: string,
  record: RecordHandle,
  more: Readonly<Record<string, unknown>> = {},
): Promise<ShownView> {
  const main = document.createElement("main");
  const view = document.createElement(tag) as ShownView;
  Object.assign(view, { record, ...more });
  main.append(view);
  document.body.append(main);
  document.documentElement.lang = "fr";
  await view.updateComplete;
  return view;
}

/** What a person does in a section and its dialogs, which stand in the same tree. */
export const within = (view: { readonly renderRoot: ShadowRoot }) => {
  const find = <E extends HTMLElement>(selector: string) => view.renderRoot.querySelector<E>(selector);
  return {
    find,
    // As it is read: which of the spaces may not break is for the tables' own test.
    text: () => (view.renderRoot.textContent ?? "").replaceAll("\u00a0", " "),
    click: (selector: string) => find(selector)?.click(),
    fill: (selector: string, value: string) => {
      const field = find<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(selector);
      if (!field) throw new Error(`nothing is ${selector}`);
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    dialog: () => find<HTMLDialogElement>("dialog[open]"),
  };
};

/** Accessibility faults, as sentences. */
export async function violations(element: Element): Promise<readonly string[]> {
  const { violations: found } = await axe.run(element, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
