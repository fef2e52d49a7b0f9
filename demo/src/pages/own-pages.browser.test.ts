import {
  type Appointment,
  type Bundle,
  type Communication,
  type Consent,
  extensionUrl,
  type Patient,
  type RelatedPerson,
} from "@carnet/sdk/fhir";
import { afterEach, describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import "../../pages/shared/tokens.css";
import "../../pages/patient/views/agenda/define.ts";
import "../../pages/patient/views/messages/define.ts";
import "../../pages/patient/views/settings/define.ts";
import {
  type Asked,
  clientOf,
  fhir,
  ins,
  recordOf,
  refusal,
  searchSet,
  show,
  violations,
  within,
} from "./page-testing.ts";

afterEach(() => document.body.replaceChildren());

describe("messages", () => {
  const root: Communication = {
    resourceType: "Communication",
    id: "m1",
    status: "in-progress",
    topic: { text: "Votre bilan" },
    sent: "2026-11-22T08:00:00Z",
    sender: { type: "Practitioner", display: "Dr Sophie MARTIN" },
    payload: [{ contentString: "Votre bilan est bon." }],
  };

  /** A record with these messages: reading and answering change them as the real ones do. */
  function world(messages: Communication[]) {
    const state = { messages, patched: [] as string[] };
    const record = recordOf(({ method, path, body }) => {
      if (method === "PATCH") {
        state.patched.push(path);
        state.messages = state.messages.map((one) =>
          path.endsWith(`/${one.id}`) ? { ...one, received: "2026-11-23T08:00:00Z" } : one,
        );
        return fhir(root);
      }
      if (method === "POST") {
        const sent = {
          ...(JSON.parse(body) as Communication),
          id: "m2",
          sent: "2026-11-24T08:00:00Z",
          sender: { type: "Patient" },
        };
        state.messages.push(sent);
        return fhir(sent, 201);
      }
      return fhir(path === "Communication" ? searchSet(...state.messages) : searchSet());
    });
    return { state, record };
  }

  it("R166 reads an exchange, tells the sender, and answers", async () => {
    const { state, record } = world([root]);
    const view = await show("carnet-messages", record);
    const { text, click, fill, find } = within(view);
    await expect.poll(text).toContain("1 non lu");
    expect(await violations(view)).toEqual([]);
    click("[data-action=open]");
    await expect.poll(text).toContain("Votre bilan est bon.");
    await expect.poll(() => state.patched).toEqual(["Communication/m1"]);
    expect(await violations(view)).toEqual([]);
    click("[data-action=send]");
    await expect.poll(text).toContain("Écrivez d'abord votre message.");
    fill("textarea", "Merci docteur.");
    click("[data-action=send]");
    await expect.poll(text).toContain("Votre message est envoyé.");
    expect(state.messages.at(-1)?.inResponseTo?.[0]?.reference).toBe("Communication/m1");
    await expect.poll(() => find<HTMLTextAreaElement>("textarea")?.value).toBe("");
  });

  it("keeps what was written when it could not be sent", async () => {
    const record = recordOf(({ method }) =>
      method === "POST" ? refusal() : fhir(searchSet({ ...root, received: root.sent ?? "" })),
    );
    const view = await show("carnet-messages", record);
    const { text, click, fill, find } = within(view);
    await expect.poll(text).toContain("Dr Sophie MARTIN");
    click("[data-action=open]");
    await expect.poll(() => find("textarea")).not.toBeNull();
    fill("textarea", "Un long texte");
    click("[data-action=send]");
    await expect.poll(text).toContain("Rien n'a changé");
    expect(find<HTMLTextAreaElement>("textarea")?.value).toBe("Un long texte");
  });

  it("keeps an answer that is being written through another language and another section", async () => {
    const read = { ...root, id: "m9", received: root.sent ?? "" };
    const answering = () => recordOf(() => fhir(searchSet(read)));
    const view = await show("carnet-messages", answering());
    const { click, fill, find } = within(view);
    await expect.poll(() => find("[data-action=open]")).not.toBeNull();
    click("[data-action=open]");
    await expect.poll(() => find("textarea")).not.toBeNull();
    fill("textarea", "Un long texte");
    // What the page does for another language: the record is asked anew.
    Object.assign(view, { record: answering(), locale: "en" });
    await expect.poll(() => view.renderRoot.textContent).toContain("Your answer");
    expect(find<HTMLTextAreaElement>("textarea")?.value).toBe("Un long texte");
    document.body.replaceChildren();
    const again = within(await show("carnet-messages", answering()));
    await expect.poll(() => again.find("[data-action=open]")).not.toBeNull();
    again.click("[data-action=open]");
    await expect.poll(() => again.find<HTMLTextAreaElement>("textarea")?.value).toBe("Un long texte");
  });

  it("R166 shows an ended exchange without a place to answer", async () => {
    const { record } = world([{ ...root, status: "stopped", received: "2026-11-22T09:00:00Z" }]);
    const view = await show("carnet-messages", record);
    const { text, click, find } = within(view);
    await expect.poll(text).toContain("Terminé");
    click("[data-action=open]");
    await expect.poll(text).toContain("Le soignant a terminé cet échange.");
    expect(find("textarea")).toBeNull();
  });
});

describe("agenda", () => {
  it("R167 adds, shows and removes a line, and gives it back", async () => {
    let lines: Appointment[] = [];
    const record = recordOf(({ method, path, body }) => {
      if (path === "Appointment/$recommended")
        return fhir(
          searchSet({ resourceType: "Appointment", status: "proposed", description: "Dépistage", participant: [] }),
        );
      if (method === "POST") {
        lines.push({ ...(JSON.parse(body) as Appointment), id: `a${lines.length + 1}` });
        return fhir(lines.at(-1), 201);
      }
      if (method === "DELETE") {
        lines = [];
        return new Response(null, { status: 204 });
      }
      return fhir(searchSet(...lines));
    });
    const view = await show("carnet-agenda", record);
    const { text, click, fill, find, dialog } = within(view);
    await expect.poll(text).toContain("Dépistage");
    expect(await violations(view)).toEqual([]);
    click("[data-action=add]");
    await expect.poll(dialog).not.toBeNull();
    expect(await violations(view)).toEqual([]);
    click("dialog [data-action=confirm]");
    await expect.poll(() => dialog()?.textContent).toContain("Écrivez ce qui est prévu");
    fill("[name=description]", "Dr Martin");
    fill("[name=day]", `${new Date().getFullYear() + 1}-06-01`);
    fill("[name=time]", "09:30");
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("C'est dans votre agenda.");
    await expect.poll(text).toContain("Courriel de rappel");
    // Without a mouse, nobody is sent back to the top of the page when what they pressed is gone.
    const placeOf = () => view.shadowRoot?.activeElement?.textContent?.trim();
    find("[data-action=remove]")?.focus();
    click("[data-action=remove]");
    await expect.poll(dialog).not.toBeNull();
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("La ligne est supprimée.");
    expect(placeOf()).toBe("Mon agenda");
    find("[data-action=add]")?.focus();
    find("[data-action=undo]")?.focus();
    click("[data-action=undo]");
    await expect.poll(text).toContain("Dr Martin");
    expect(placeOf()).toBe(find("[data-action=add]")?.textContent?.trim());
    await expect.poll(() => find("[data-action=dismiss]")).not.toBeNull();
    find("[data-action=dismiss]")?.focus();
    click("[data-action=dismiss]");
    await expect.poll(() => find("[data-action=dismiss]")).toBeNull();
    expect(placeOf()).toBe(find("[data-action=add]")?.textContent?.trim());
  });
});

describe("a form on a bad line", () => {
  it("stays with what was written until the record has it, and says why it did not leave", async () => {
    let isCut = true;
    const lines: Appointment[] = [];
    const record = recordOf(({ method, body }) => {
      if (method !== "POST") return fhir(searchSet(...lines));
      if (isCut) throw new TypeError("cut");
      lines.push({ ...(JSON.parse(body) as Appointment), id: "a1" });
      return fhir(lines.at(-1), 201);
    });
    const view = await show("carnet-agenda", record);
    const { text, click, fill, find, dialog } = within(view);
    await expect.poll(text).toContain("Rien de prévu");
    click("[data-action=add]");
    await expect.poll(dialog).not.toBeNull();
    fill("[name=description]", "Dr Martin");
    fill("[name=day]", `${new Date().getFullYear() + 1}-06-01`);
    fill("[name=time]", "09:30");
    fill("[name=comment]", "Apporter les radios");
    click("dialog [data-action=confirm]");
    await expect.poll(() => dialog()?.textContent).toContain("nous ne savons pas si votre demande est enregistrée");
    expect(await violations(view)).toEqual([]);
    expect(find<HTMLTextAreaElement>("[name=comment]")?.value).toBe("Apporter les radios");
    isCut = false;
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("C'est dans votre agenda.");
    expect(dialog()).toBeNull();
    expect(lines.map(({ comment }) => comment)).toEqual(["Apporter les radios"]);
  });

  it("sends once what is pressed twice", async () => {
    const sent: string[] = [];
    let answer: () => void = () => undefined;
    const record = recordOf(async ({ method, body }) => {
      if (method !== "POST") return fhir(searchSet());
      sent.push(body);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return fhir({ ...(JSON.parse(body) as Appointment), id: "a1" }, 201);
    });
    const view = await show("carnet-agenda", record);
    const { text, click, fill, dialog } = within(view);
    await expect.poll(text).toContain("Rien de prévu");
    click("[data-action=add]");
    await expect.poll(dialog).not.toBeNull();
    fill("[name=description]", "Dr Martin");
    fill("[name=day]", `${new Date().getFullYear() + 1}-06-01`);
    fill("[name=time]", "09:30");
    click("dialog [data-action=confirm]");
    click("dialog [data-action=confirm]");
    await expect.poll(() => sent.length).toBe(1);
    answer();
    await expect.poll(text).toContain("C'est dans votre agenda.");
    expect(sent).toHaveLength(1);
  });
});

describe("a change of language", () => {
  it("breaks off nothing that is on its way", async () => {
    const lines: Appointment[] = [
      {
        resourceType: "Appointment",
        id: "a1",
        status: "booked",
        participant: [],
        description: "Dr Martin",
        start: `${new Date().getFullYear() + 1}-06-01T09:30:00Z`,
      },
    ];
    let letGo: () => void = () => undefined;
    let signal: AbortSignal | undefined;
    const answering = () =>
      recordOf(async (asked) => {
        if (asked.method !== "DELETE") return fhir(searchSet(...lines));
        signal = asked.signal;
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
        lines.pop();
        return new Response(null, { status: 204 });
      });
    const view = await show("carnet-agenda", answering());
    const { text, click, dialog } = within(view);
    await expect.poll(text).toContain("Dr Martin");
    click("[data-action=remove]");
    await expect.poll(dialog).not.toBeNull();
    click("dialog [data-action=confirm]");
    await expect.poll(() => signal).toBeDefined();
    Object.assign(view, { record: answering(), locale: "en" });
    await view.updateComplete;
    expect(signal?.aborted).toBe(false);
    letGo();
    await expect.poll(text).toContain("La ligne est supprimée.");
    expect(text()).not.toContain("Dr Martin");
  });
});

describe("a change of person", () => {
  const answering = (asked: string[]) =>
    recordOf(({ method, path }) => {
      if (method !== "GET") asked.push(`${method} ${path}`);
      return fhir(searchSet(kept), method === "POST" ? 201 : 200);
    });
  const kept = {
    resourceType: "Communication",
    id: "m1",
    status: "in-progress",
    sender: { type: "Practitioner", display: "Dr Sophie MARTIN" },
    sent: "2026-11-20T09:00:00Z",
    received: "2026-11-21T09:00:00Z",
    payload: [{ contentString: "Bonjour" }],
  } as Communication;

  it("takes the question away that was asked about the former one", async () => {
    const asked: string[] = [];
    const view = await show("carnet-agenda", answering(asked));
    const { text, click, dialog } = within(view);
    await expect.poll(text).toContain("Rien de prévu");
    click("[data-action=add]");
    await expect.poll(dialog).not.toBeNull();
    view.record = answering(asked);
    await view.updateComplete;
    await expect.poll(dialog).toBeNull();
    expect(asked).toEqual([]);
  });

  it("sends no answer whose files were still being read", async () => {
    const asked: string[] = [];
    const view = await show("carnet-messages", answering(asked));
    const { click, fill, find, text } = within(view);
    await expect.poll(() => find("[data-action=open]")).not.toBeNull();
    click("[data-action=open]");
    await expect.poll(() => find("[data-action=send]")).not.toBeNull();
    fill("textarea", "Pour Camille");
    const files = new DataTransfer();
    files.items.add(new File(["x"], "note.txt", { type: "text/plain" }));
    const field = find<HTMLInputElement>("[name=files]");
    if (field) field.files = files.files;
    const { arrayBuffer } = Blob.prototype;
    let release: (bytes: ArrayBuffer) => void = () => undefined;
    Blob.prototype.arrayBuffer = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    try {
      click("[data-action=send]");
      view.record = answering(asked);
      await view.updateComplete;
      release(new ArrayBuffer(1));
      await expect.poll(text).toContain("Dr Sophie MARTIN");
      await view.updateComplete;
    } finally {
      Blob.prototype.arrayBuffer = arrayBuffer;
    }
    // What was sent would have been asked for by now: the next question is answered.
    click("[data-action=open]");
    await expect.poll(() => find("[data-action=send]")).not.toBeNull();
    expect(asked).toEqual([]);
  });
});

describe("settings", () => {
  const patient = (more: Partial<Patient> = {}): Patient => ({
    resourceType: "Patient",
    id: "p1",
    active: true,
    identifier: [ins],
    name: [{ use: "official", family: "MOREAU", given: ["CAMILLE"] }],
    gender: "female",
    birthDate: "1988-05-14",
    ...more,
  });
  const closed = patient({
    active: false,
    extension: [
      { url: extensionUrl.closure, extension: [{ url: "dateFermeture", valueDateTime: "2026-11-01T08:00:00Z" }] },
      { url: extensionUrl.destroyedOn, valueDateTime: "2036-11-01T08:00:00Z" },
    ],
  });

  it("R15, R19 closes the record only after the person ticked, with the reason, and says what will happen", async () => {
    const asked: Asked[] = [];
    let now = patient();
    const client = clientOf((question) => {
      asked.push(question);
      if (question.path === "Patient/p1/$close") {
        now = closed;
        return fhir(closed);
      }
      return fhir(searchSet(now));
    });
    const view = await show("carnet-life", client.record(ins), { client });
    const turned = new Promise((resolve) => view.addEventListener("record-changed", resolve));
    const { text, click, fill, find, dialog } = within(view);
    await expect.poll(text).toContain("Votre carnet est ouvert.");
    expect(await violations(view)).toEqual([]);
    click("[data-action=close]");
    await expect.poll(() => dialog()?.textContent).toContain("gardé dix ans, puis détruit");
    expect(await violations(view)).toEqual([]);
    click("dialog [data-action=confirm]");
    expect(asked.some(({ path }) => path.endsWith("$close"))).toBe(false);
    fill("[name=reason]", "Je n'en veux plus");
    find<HTMLInputElement>("[name=understood]")?.click();
    click("dialog [data-action=confirm]");
    await turned;
    expect(asked.find(({ path }) => path.endsWith("$close"))?.body).toContain("Je n'en veux plus");
    await expect.poll(text).toContain("gardé jusqu'au 1 novembre 2036, puis détruit");
  });

  it("R20, R21 offers to open a closed record again, and deletes it for ever only after a tick", async () => {
    const asked: string[] = [];
    const client = clientOf(({ path }) => {
      asked.push(path);
      return fhir(path.includes("$") ? closed : searchSet(closed));
    });
    const view = await show("carnet-life", client.record(ins), { client });
    const { text, click, find, dialog } = within(view);
    await expect.poll(text).toContain("Rouvrir mon carnet");
    expect(await violations(view)).toEqual([]);
    click("[data-action=delete]");
    await expect.poll(() => dialog()?.textContent).toContain("Dans les trois mois");
    click("dialog [data-action=confirm]");
    expect(asked).not.toContain("Patient/p1/$request-deletion");
    find<HTMLInputElement>("[name=understood]")?.click();
    click("dialog [data-action=confirm]");
    await expect.poll(() => asked).toContain("Patient/p1/$request-deletion");
  });

  it("R14 adds a carer with an attestation, three at most", async () => {
    const carer = (id: string): RelatedPerson => ({
      resourceType: "RelatedPerson",
      id,
      active: true,
      patient: {},
      relationship: [{ coding: [{ code: "CAREGIVER" }] }],
      name: [{ text: `Aidant ${id}` }],
      period: { start: "2026-01-01T00:00:00Z" },
    });
    const all: RelatedPerson[] = [carer("1"), carer("2")];
    let sent = "";
    const record = recordOf(({ method, body }) => {
      if (method !== "POST") return fhir(searchSet(...all));
      sent = body;
      all.push(carer("3"));
      return fhir(carer("3"), 201);
    });
    const view = await show("carnet-relatives", record);
    const { text, click, fill, find, dialog } = within(view);
    await expect.poll(text).toContain("Aidant 2");
    expect(await violations(view)).toEqual([]);
    click("[data-action=add-carer]");
    await expect.poll(dialog).not.toBeNull();
    expect(await violations(view)).toEqual([]);
    fill("[name=name]", "Paul PETIT");
    fill("[name=number]", "2 85 06 99 351 042 37");
    click("dialog [data-action=confirm]");
    await expect.poll(() => dialog()?.textContent).toContain("cochez l'attestation");
    find<HTMLInputElement>("[name=attested]")?.click();
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("Paul PETIT est dans votre liste.");
    expect(sent).toContain("285069935104237");
    await expect.poll(() => find<HTMLButtonElement>("[data-action=add-carer]")?.disabled).toBe(true);
  });

  it("R161, R162 writes the trusted person as a document of the patient's own; directives are for adults", async () => {
    let bundle: Bundle | undefined;
    const record = recordOf(({ method, path, body }) => {
      if (path === "Patient") return fhir(searchSet(patient()));
      if (path === "metadata") return fhir({ resourceType: "CapabilityStatement", rest: [] });
      if (method !== "POST") return fhir(searchSet());
      bundle = JSON.parse(body) as Bundle;
      const answers = (bundle.entry ?? []).map(({ resource }) => ({
        response: { status: "201", location: `${resource?.resourceType}/x/_history/1` },
      }));
      return fhir({ resourceType: "Bundle", type: "transaction-response", entry: answers });
    });
    const person = { ins, name: "Noé", birthDate: "2021-03-12", state: "open", relation: "representative" };
    const view = await show("carnet-wishes", record, { person });
    const { text, click, fill, find, dialog } = within(view);
    await expect.poll(text).toContain("réservées aux adultes");
    expect(find("[data-wish=directives] [data-action=write]")).toBeNull();
    expect(await violations(view)).toEqual([]);
    click("[data-wish=trusted] [data-action=write]");
    await expect.poll(dialog).not.toBeNull();
    expect(await violations(view)).toEqual([]);
    fill("[name=name]", "Paul PETIT");
    fill("[name=phone]", "06 00 00 00 00");
    find<HTMLInputElement>("[name=agreed]")?.click();
    click("dialog [data-action=confirm]");
    await expect.poll(text).toContain("C'est enregistré dans votre carnet.");
    expect(JSON.stringify(bundle)).toContain("EXPPAT_1");
  });

  it("R168 grants one purpose of an application, and takes all back", async () => {
    let consents: Consent[] = [];
    const client = clientOf(({ method, path, body }) => {
      if (path === "HealthcareService")
        return fhir(
          searchSet({
            resourceType: "HealthcareService",
            id: "agenda-plus",
            name: "Agenda Plus",
            program: [{ coding: [{ code: "agenda" }, { code: "read-documents" }] }],
          }),
        );
      if (method === "POST") {
        consents = [{ ...(JSON.parse(body) as Consent), id: "c1" }];
        return fhir(consents[0], 201);
      }
      if (method === "DELETE") {
        consents = [];
        return new Response(null, { status: 204 });
      }
      return fhir(searchSet(...consents));
    });
    const view = await show("carnet-applications", client.record(ins), { client });
    const { text, click, find } = within(view);
    await expect.poll(text).toContain("Agenda Plus");
    expect(await violations(view)).toEqual([]);
    click("[name=agenda]");
    await expect.poll(text).toContain("Agenda Plus peut faire ce que vous avez choisi.");
    expect(consents[0]?.provision?.purpose).toMatchObject([{ code: "agenda" }]);
    click("[data-action=stop]");
    await expect.poll(text).toContain("Agenda Plus n'a plus aucun accès.");
    await expect.poll(() => find<HTMLInputElement>("[name=agenda]")?.checked).toBe(false);
  });

  it("R171 tells how far the copy is, stops it, and says when it did not come whole", async () => {
    let isCancelled = false;
    let isCut = false;
    const record = recordOf(({ path }) => {
      if (path === "Patient") return fhir(searchSet(patient()));
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new Uint8Array(1_000_000));
          if (isCut) controller.close();
        },
        cancel() {
          isCancelled = true;
        },
      });
      return new Response(body, { headers: { "content-type": "application/zip", "content-length": "2000000" } });
    });
    const view = await show("carnet-export", record);
    const { text, click, find } = within(view);
    expect(await violations(view)).toEqual([]);
    // On paper the button goes, and leaves no empty frame behind.
    await cdp().send("Emulation.setEmulatedMedia", { media: "print" });
    try {
      expect(find(".card")?.checkVisibility()).toBe(false);
    } finally {
      await cdp().send("Emulation.setEmulatedMedia", { media: "" });
    }
    click("[data-action=export]");
    await expect.poll(text).toContain("1 Mo sur 2 Mo");
    expect(text()).toContain("50 % de votre copie");
    expect(await violations(view)).toEqual([]);
    click("[data-action=cancel-export]");
    await expect.poll(text).toContain("La copie est arrêtée.");
    await expect.poll(() => isCancelled).toBe(true);
    isCut = true;
    click("[data-action=export]");
    await expect.poll(text).toContain("La copie n'est pas arrivée entière");
    expect(find("progress")).toBeNull();
  });
});
