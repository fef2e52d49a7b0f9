import { type AuditEvent, type Consent, identifierSystem } from "@carnet/sdk/fhir";
import { afterEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import "../../pages/shared/tokens.css";
import "../../pages/patient/views/access/define.ts";
import "../../pages/patient/views/people/define.ts";
import { type Asked, fhir, recordOf, refusal, searchSet, show, violations, within } from "./page-testing.ts";

afterEach(() => document.body.replaceChildren());

const doctor = { system: identifierSystem.professional, value: "810100000001" };

const consentOf = (id: string, type: "permit" | "deny", code = "IRCP"): Consent => ({
  resourceType: "Consent",
  id,
  status: "active",
  scope: {},
  category: [],
  provision: {
    type,
    period: { start: "2026-04-10T08:00:00Z", ...(type === "permit" && { end: "2027-04-10T08:00:00Z" }) },
    actor: [
      {
        role: { coding: [{ code }] },
        reference: { type: "Practitioner", identifier: doctor, display: "Dr Sophie MARTIN" },
      },
    ],
  },
});

const switches = (values: Readonly<Record<string, boolean>>) =>
  fhir({
    resourceType: "Parameters",
    parameter: Object.entries(values).map(([name, valueBoolean]) => ({ name, valueBoolean })),
  });

/** A record of one patient: its consents and its switches, which change as the real ones do. */
function world(consents: Consent[]) {
  const state = {
    consents,
    switches: {
      allowsDispatch: true,
      allowsBreakGlass: true,
      allowsHiddenInEmergency: false,
      hidesDocuments: false,
    } as Record<string, boolean>,
    asked: [] as Asked[],
  };
  const record = recordOf((asked) => {
    state.asked.push(asked);
    const { method, path, body } = asked;
    const id = path.split("/")[1];
    if (path === "Patient")
      return fhir(searchSet({ resourceType: "Patient", id: "p1", identifier: [{ ...record.ins }] }));
    if (path === "Patient/p1/$access-preferences") {
      for (const one of body ? JSON.parse(body).parameter : []) state.switches[one.name] = one.valueBoolean;
      return switches(state.switches);
    }
    if (path === "Consent" && method === "GET") return fhir(searchSet(...state.consents));
    if (path === "Consent" && method === "POST") {
      const made = { ...(JSON.parse(body) as Consent), id: `c${state.consents.length + 1}` };
      state.consents.push(made);
      return fhir(made, 201);
    }
    if (method === "DELETE") {
      state.consents = state.consents.filter((one) => one.id !== id);
      return new Response(null, { status: 204 });
    }
    if (method === "PATCH") {
      const [{ value }] = JSON.parse(body) as [{ value: string }];
      const found = state.consents.find((one) => one.id === id);
      if (found?.provision?.period) found.provision.period.end = value;
      return fhir(found);
    }
    return fhir(searchSet());
  });
  return { state, record };
}

describe("who may look", () => {
  it("R60 lists the authorised and the blocked without an accessibility fault", async () => {
    const { record } = world([consentOf("c1", "permit"), { ...consentOf("c2", "deny"), id: "c2" }]);
    const view = await show("carnet-people", record);
    const { text } = within(view);
    await expect.poll(text).toContain("jusqu'au 10 avril 2027");
    expect(text()).toContain("même en urgence");
    expect(await violations(view)).toEqual([]);
  });

  it("R56 sets the last day of an authorisation", async () => {
    const { record, state } = world([consentOf("c1", "permit")]);
    const view = await show("carnet-people", record);
    const { text, click, fill, dialog } = within(view);
    await expect.poll(text).toContain("Dr Sophie MARTIN");
    click("[data-action=end]");
    await expect.poll(() => dialog()?.textContent).toContain("l'accès s'arrête tout seul");
    expect(await violations(view)).toEqual([]);
    const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    fill("[name=day]", soon);
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("L'accès s'arrêtera le");
    const end = Date.parse(state.consents[0]?.provision?.period?.end ?? "");
    expect(Math.abs(end - Date.parse(`${soon}T23:59:59`))).toBeLessThan(1000);
  });

  it("R59 blocks somebody after the consequence was said, ends their access, and undoes the block", async () => {
    const { record, state } = world([consentOf("c1", "permit")]);
    const view = await show("carnet-people", record);
    const { text, click, dialog } = within(view);
    await expect.poll(text).toContain("Dr Sophie MARTIN");
    click("[data-action=block]");
    await expect.poll(() => dialog()?.textContent).toContain("même en urgence");
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Dr Sophie MARTIN est bloqué.");
    expect(state.consents.map(({ provision }) => provision?.type)).toEqual(["deny"]);
    click("[data-action=undo]");
    await expect.poll(text).toContain("n'est plus bloqué");
    expect(state.consents).toEqual([]);
  });

  it("R62, R64 makes somebody the referring doctor, and takes back the role alone", async () => {
    const { record, state } = world([consentOf("c1", "permit")]);
    const view = await show("carnet-people", record);
    const { text, click, dialog } = within(view);
    await expect.poll(text).toContain("Dr Sophie MARTIN");
    click("[data-action=refer]");
    await expect.poll(() => dialog()?.textContent).toContain("lit aussi les documents que vous cachez");
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("est votre médecin traitant dans ce carnet");
    click("[data-action=unrefer]");
    await expect.poll(dialog).not.toBeNull();
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Le rôle de médecin traitant est retiré.");
    expect(state.consents.map(({ id }) => id)).toEqual(["c1"]);
  });

  it("R73 says what forbidding emergencies means before it does, and can undo it", async () => {
    const { record, state } = world([]);
    const view = await show("carnet-emergency", record);
    const { text, click, dialog, find } = within(view);
    await expect.poll(text).toContain("Le SAMU");
    expect(await violations(view)).toEqual([]);
    click("[name=allowsDispatch]");
    await expect.poll(() => dialog()?.textContent).toContain("ne verra ni vos allergies");
    click("dialog [data-action=cancel]");
    await expect.poll(() => find<HTMLInputElement>("[name=allowsDispatch]")?.checked).toBe(true);
    expect(state.switches.allowsDispatch).toBe(true);
    click("[name=allowsDispatch]");
    await expect.poll(dialog).not.toBeNull();
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Votre choix est enregistré.");
    expect(state.switches.allowsDispatch).toBe(false);
    click("[data-action=undo]");
    await expect.poll(() => state.switches.allowsDispatch).toBe(true);
  });

  it("leaves the switch as the service has it when the change is refused", async () => {
    const record = recordOf(({ method, path }) => {
      if (path === "Patient")
        return fhir(searchSet({ resourceType: "Patient", id: "p1", identifier: [{ ...record.ins }] }));
      return method === "POST" ? refusal() : switches({ allowsHiddenInEmergency: false });
    });
    const view = await show("carnet-emergency", record);
    const { text, click, find } = within(view);
    await expect.poll(text).toContain("Le SAMU");
    click("[name=allowsHiddenInEmergency]");
    await expect.poll(text).toContain("Rien n'a changé");
    expect(find<HTMLInputElement>("[name=allowsHiddenInEmergency]")?.checked).toBe(false);
  });
});

describe("who looked", () => {
  const event = (recorded: string, who: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
    resourceType: "AuditEvent",
    id: `e-${recorded}`,
    type: {},
    subtype: [{ code: "SUMMARY" }],
    recorded,
    outcome: "0",
    agent: [
      {
        requestor: true,
        who: { type: "Practitioner", identifier: doctor, display: who },
        role: [{ text: "Clinique" }],
      },
    ],
    source: { observer: {} },
    entity: [
      { detail: [{ type: "https://carnet.example/fhir/CodeSystem/data-category", valueString: "prescription" }] },
    ],
    ...more,
  });
  const now = Date.now();
  const at = (daysAgo: number) => new Date(now - daysAgo * 86_400_000).toISOString();

  it("R183 shows what was seen in words, filters by person and by act, and asks for the period", async () => {
    const asked: Asked[] = [];
    const record = recordOf((question) => {
      asked.push(question);
      return fhir(
        question.path === "AuditEvent"
          ? searchSet(event(at(1), "Dr Sophie MARTIN"), event(at(2), "Dr Marc LEROY", { outcome: "4" }))
          : searchSet(),
      );
    });
    const view = await show("carnet-access", record);
    const { text, fill } = within(view);
    await expect.poll(text).toContain("Données vues : ordonnances.");
    expect(await violations(view)).toEqual([]);
    fill("[name=who]", "Dr Marc LEROY");
    await expect.poll(text).toContain("1 ligne");
    expect(view.renderRoot.querySelector(".days")?.textContent).not.toContain("MARTIN");
    // The choices are no part of a printed page: there they are said.
    expect(view.renderRoot.querySelector(".on-paper")?.textContent?.replaceAll("\u00a0", " ")).toBe(
      "Quand : 12 derniers mois. Qui : Dr Marc LEROY. Sans vos propres visites.",
    );
    fill("[name=what]", "deposit");
    await expect.poll(text).toContain("Aucun accès ne correspond");
    fill("[name=when]", "week");
    await expect.poll(() => asked.filter(({ path }) => path === "AuditEvent").length).toBe(2);
    const week = new Date(now - 7 * 86_400_000).toISOString().slice(0, 10);
    expect(asked.at(-1)?.query.get("date")).toBe(`ge${week}`);
  });

  it("keeps the choices at hand while another period is read, and shows the one chosen last", async () => {
    const waiting: (() => void)[] = [];
    const record = recordOf(async ({ path, query }) => {
      if (path !== "AuditEvent") return fhir(searchSet());
      const from = query.get("date");
      const recent = [event(at(1), "Dr Sophie MARTIN"), event(at(1), "Dr Anne BLANC")];
      if (from === null) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
      const isWeek = from !== null && from.slice(2) > at(10);
      return fhir(isWeek ? searchSet(...recent) : searchSet(...recent, event(at(20), "Dr Marc LEROY")));
    });
    const view = await show("carnet-access", record);
    const { text, fill, find } = within(view);
    await expect.poll(text).toContain("3 lignes");
    fill("[name=who]", "Dr Marc LEROY");
    await expect.poll(text).toContain("1 ligne");
    find("[name=when]")?.focus();
    fill("[name=when]", "all");
    await expect.poll(() => waiting.length).toBe(1);
    // Who has no mouse is still at the choice, and goes on to the next one.
    expect(view.renderRoot.activeElement).toBe(find("[name=when]"));
    fill("[name=when]", "week");
    await expect.poll(text).toContain("Aucun accès ne correspond");
    waiting.shift()?.();
    // Nobody of the week has that name: what leaves the others out stays in sight.
    expect(find<HTMLSelectElement>("[name=who]")?.value).toBe("Dr Marc LEROY");
    fill("[name=who]", "");
    await expect.poll(text).toContain("2 lignes");
    expect(view.renderRoot.querySelector(".days")?.textContent).not.toContain("LEROY");
    // With letters twice as large a line turns between its parts: no name is broken into letters.
    const { innerWidth: width, innerHeight: height } = window;
    await page.viewport(640, 900);
    document.documentElement.style.fontSize = "200%";
    try {
      expect(find(".who")?.getClientRects().length).toBe(1);
    } finally {
      document.documentElement.style.fontSize = "";
      await page.viewport(width, height);
    }
  });

  it("R186 reports an access that the person does not understand", async () => {
    const sent: string[] = [];
    const record = recordOf(({ method, path, body }) => {
      if (method !== "POST") return fhir(path === "AuditEvent" ? searchSet(event(at(1), "Dr X")) : searchSet());
      sent.push(body);
      return fhir(JSON.parse(body), 201);
    });
    const view = await show("carnet-access", record);
    const { text, click, dialog, fill } = within(view);
    await expect.poll(text).toContain("Dr X");
    click("[data-action=report]");
    await expect.poll(dialog).not.toBeNull();
    expect(await violations(view)).toEqual([]);
    fill("dialog textarea", "Je ne connais pas ce médecin.");
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Votre signalement est envoyé.");
    expect(sent[0]).toContain("AuditEvent/e-");
  });

  it("R193 lists notices, and switches one off by mail", async () => {
    let wanted = true;
    const record = recordOf(({ method, path, body }) => {
      if (path.endsWith("$notice-preferences")) {
        if (method === "POST") wanted = JSON.parse(body).parameter[0].valueBoolean;
        return switches({ consultation: wanted });
      }
      return fhir(
        searchSet({
          resourceType: "Communication",
          id: "n1",
          status: "completed",
          sent: at(0),
          topic: { text: "Premier accès" },
          payload: [{ contentString: "Dr Sophie MARTIN a ouvert votre carnet." }],
        }),
      );
    });
    const view = await show("carnet-notices", record);
    const { text, find, click } = within(view);
    await expect.poll(text).toContain("Dr Sophie MARTIN a ouvert votre carnet.");
    const details = find<HTMLDetailsElement>("details");
    if (details) details.open = true;
    await expect.poll(() => find("[name=consultation]")).not.toBeNull();
    expect(await violations(view)).toEqual([]);
    click("[name=consultation]");
    await expect.poll(text).toContain("Votre choix est enregistré.");
    expect(wanted).toBe(false);
  });
});
