import { describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { cdaLetter, insAttribute, marcel, odile } from "../testing/fixtures.ts";
import { axeViolations, find, heard, reached, summaryElement, textOf, until } from "../testing/mount.ts";
import { refusal, startService, testDocument } from "../testing/record-server.ts";
import type { CarnetAccess } from "./carnet-access.ts";

/** A panel before a record that is not open to its reader, and the mode and reason of each request. */
async function closedDoor(more: object = {}, authorisation: "none" | "forbidden" = "none") {
  const documents = [testDocument(cdaLetter(odile))];
  const service = startService([
    { person: odile, authorisation, documents },
    { person: marcel, authorisation: "none" },
  ]);
  const modes: string[] = [];
  service.intercept = (request) => {
    const { headers } = request;
    modes.push(`${headers.get("x-purpose-of-use")} ${decodeURIComponent(headers.get("x-reason") ?? "")}`.trim());
    return undefined;
  };
  const panel = summaryElement({ client: service.client(), ins: insAttribute(odile), ...more });
  await reached(panel, authorisation === "none" ? "consent-needed" : "forbidden");
  return { service, panel, modes };
}

const access = async (panel: HTMLElement) => {
  const element = find<CarnetAccess>(panel, "carnet-access");
  await element.updateComplete;
  return element;
};

async function write(element: CarnetAccess, reason: string): Promise<void> {
  find<HTMLDetailsElement>(element, "details").open = true;
  find<HTMLTextAreaElement>(element, "textarea").value = reason;
  find(element, "[data-open=break-glass]").click();
  await element.updateComplete;
}

describe("<carnet-access>", () => {
  it("declares the patient's consent (TD0.3), says when that was refused and why, and then loads", async () => {
    const { service, panel } = await closedDoor();
    service.intercept = (request) => (request.method === "POST" ? refusal(403, "R64") : undefined);
    const element = await access(panel);
    expect(await axeViolations(panel)).toEqual([]);
    expect(service.requests.some((request) => request.includes("summary"))).toBe(false);
    find(element, "[data-consent]").click();
    await until(() => textOf(panel).includes("La déclaration n’a pas été enregistrée"), "refusal shown");
    expect(textOf(panel)).toContain("Le rôle de médecin traitant est donné par le patient lui-même. (Règle R64)");
    expect(await axeViolations(panel)).toEqual([]);
    service.intercept = undefined;
    find(element, "[data-consent]").click();
    await reached(panel, "ready");
    expect(service.requests).toContain("POST /Consent");
    expect(textOf(panel)).toContain("Pénicilline");
  });

  it("R71: breaks the glass only with a reason, after saying what will happen, and stays told while it lasts", async () => {
    const { panel, modes, service } = await closedDoor();
    const element = await access(panel);
    expect(element.shadowRoot?.querySelector("[data-open=dispatch]")).toBeNull();
    await write(element, "   ");
    expect(textOf(element)).toMatch(/Le patient et son médecin traitant seront avertis.*Écrivez le motif/);
    expect(element.shadowRoot?.activeElement?.tagName).toBe("TEXTAREA");
    expect(await axeViolations(panel)).toEqual([]);
    expect(modes.some((mode) => mode.startsWith("BTG"))).toBe(false);
    const before = modes.length;
    const entered = heard("carnet-access");
    await write(element, "Inconscient, œdème");
    await reached(panel, "ready");
    expect(new Set(modes.slice(before))).toEqual(new Set(["BTG Inconscient, œdème"]));
    expect(JSON.stringify(entered.map(({ detail }) => detail))).not.toContain("Inconscient");
    expect(service.requests).not.toContain("POST /Consent");
    expect(textOf(panel)).toContain("Pénicilline");
    const banner = find(panel, ".top [data-emergency=break-glass]");
    expect(textOf(banner)).toContain(
      "Accès en urgence (bris de glace). Le patient et son médecin traitant en sont avertis.",
    );
    // The list and the documents are read in the same mode.
    await until(() => panel.shadowRoot?.querySelector("[data-document]") !== null, "documents");
    find(panel, "[data-document]").click();
    await until(() => textOf(panel).includes("Histoire de la maladie"), "document");
    expect(modes.slice(before).every((mode) => mode.startsWith("BTG "))).toBe(true);
    expect(find(panel, ".top [data-emergency]")).toBe(banner);
    expect(await axeViolations(panel)).toEqual([]);
    find(panel, "[data-leave]").click();
    await reached(panel, "consent-needed");
    expect(textOf(panel)).not.toContain("Histoire de la maladie");
    expect(modes.at(-1)).toBe("null");
  });

  it("R73: an emergency refused leads back before the door and says why; another patient starts without either", async () => {
    const { panel, service } = await closedDoor();
    service.intercept = (request) =>
      request.headers.get("x-purpose-of-use") === "BTG" && !request.url.includes("/Patient?")
        ? refusal(403, "R73")
        : undefined;
    await write(await access(panel), "Inconscient");
    await until(() => textOf(panel).includes("opposé par avance"), "refusal shown");
    expect(panel.dataset.state).toBe("consent-needed");
    expect(textOf(panel)).toContain("Le dossier n’a pas été ouvert en urgence.");
    expect(await axeViolations(panel)).toEqual([]);
    find<HTMLTextAreaElement>(await access(panel), "textarea").value = "Odile ne répond pas";
    panel.ins = insAttribute(marcel);
    await panel.updateComplete;
    await reached(panel, "consent-needed");
    const element = await access(panel);
    expect(find<HTMLTextAreaElement>(element, "textarea").value).toBe("");
    expect(textOf(panel)).not.toContain("opposé par avance");
  });

  it("R72: the dispatch centre opens without a reason, and only where the host says that the caller is one", async () => {
    const { panel, modes } = await closedDoor({ dispatchCentre: true, locale: "en" });
    const element = await access(panel);
    find<HTMLDetailsElement>(element, "details").open = true;
    expect(textOf(element)).toContain("Dispatch centre (SAMU, centre 15)");
    expect(await axeViolations(panel)).toEqual([]);
    find(element, "[data-open=dispatch]").click();
    await reached(panel, "ready");
    expect(modes.at(-1)).toBe("ETREAT");
    expect(textOf(panel)).toContain("Dispatch access (centre 15).");
  });

  it("R77: whom the patient blocked is offered no emergency", async () => {
    const { panel } = await closedDoor({}, "forbidden");
    expect(panel.shadowRoot?.querySelector("carnet-access")).toBeNull();
  });

  it("fits 320 px with its emergency open", async () => {
    await page.viewport(320, 800);
    try {
      const { panel } = await closedDoor({ dispatchCentre: true });
      const element = await access(panel);
      find<HTMLDetailsElement>(element, "details").open = true;
      await element.updateComplete;
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
    } finally {
      await page.viewport(1000, 800);
    }
  });
});
