import type { Communication } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { insAttribute, marcel, odile } from "../testing/fixtures.ts";
import { axeViolations, find, heard, mount, reached, summaryElement, textOf, until } from "../testing/mount.ts";
import { refusal, startService } from "../testing/record-server.ts";
import type { CarnetPatientMessages } from "./carnet-patient-messages.ts";

const doctor = { type: "Practitioner", display: "Dr Inès MODÈLE" };
const patient = { type: "Patient", display: "Odile TESTARD" };

function message(id: string, more: Partial<Communication>): Communication {
  return {
    resourceType: "Communication",
    id,
    status: "in-progress",
    sender: doctor,
    sent: "2026-11-20T09:00:00Z",
    ...more,
  };
}

/** The record's messages as the service keeps them, one patient's only. */
function messaging(kept: Communication[]) {
  const service = startService([
    { person: odile, authorisation: "valid" },
    { person: marcel, authorisation: "valid" },
  ]);
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/fhir+json" } });
  const held = async (request: Request, path: string): Promise<Response | undefined> => {
    if (!path.startsWith("/Communication")) return undefined;
    if (path.includes("/attachment/")) return new Response("Consignes", { headers: { "content-type": "text/plain" } });
    if (request.method === "GET") {
      const entry = path.includes(marcel.ins) ? [] : kept.map((resource) => ({ resource, search: { mode: "match" } }));
      return json({ resourceType: "Bundle", type: "searchset", entry });
    }
    const body = await request.json();
    if (request.method === "POST") {
      kept.push({
        ...body,
        id: `m${kept.length + 1}`,
        sender: doctor,
        sent: "2026-11-28T09:00:00Z",
        status: "in-progress",
      });
      return json(kept.at(-1), 201);
    }
    const found = kept.find(({ id }) => path.includes(`/${id}`));
    if (found === undefined) return json({}, 404);
    for (const step of body as { path: string; value: unknown }[])
      Object.assign(found, { [step.path.slice(1)]: step.value });
    return json(found);
  };
  service.intercept = held;
  const open = async (more: object = {}) => {
    const element = mount<CarnetPatientMessages>("carnet-patient-messages", {
      client: service.client(),
      ins: insAttribute(odile),
      ...more,
    });
    await until(() => element.shadowRoot?.querySelector("form") != null, "form");
    return element;
  };
  return { service, held, open };
}

const form = (element: HTMLElement, exchange = "") => find(element, `form[data-exchange="${exchange}"]`);

function send(element: HTMLElement, text: string, exchange = ""): void {
  const one = form(element, exchange);
  const field = one.querySelector("textarea");
  if (field !== null) field.value = text;
  one.querySelector<HTMLButtonElement>("[data-send]")?.click();
}

describe("<carnet-patient-messages>", () => {
  it("R166: from the panel, writes to the patient after saying who reads and who is told, and lists what was sent", async () => {
    const kept: Communication[] = [];
    const { service } = messaging(kept);
    const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
    await reached(panel, "ready");
    find(panel, "[data-message]").click();
    await until(() => textOf(panel).includes("Aucun échange avec ce patient."), "empty list");
    const element = find<CarnetPatientMessages>(panel, "carnet-patient-messages");
    expect(textOf(element)).toMatch(/aucun autre soignant ne les voit.*sans contenu médical.*appelez/);
    expect(await axeViolations(panel)).toEqual([]);
    send(element, "  ");
    await until(() => textOf(element).includes("Écrivez le message."), "nothing written");
    expect(kept).toEqual([]);
    const told = heard("carnet-message-sent");
    const topic = form(element).querySelector<HTMLInputElement>("[name=topic]");
    if (topic !== null) topic.value = "Résultats";
    send(element, "Venez lundi.");
    await until(() => textOf(element).includes("Message envoyé."), "sent");
    expect(kept).toMatchObject([{ topic: { text: "Résultats" }, payload: [{ contentString: "Venez lundi." }] }]);
    expect(told.map(({ detail }) => detail)).toEqual([{}]);
    await until(() => textOf(element).includes("Vous · 28 novembre 2026"), "listed");
    expect(textOf(element)).toContain("pas encore lu");
    expect(form(element).querySelector("textarea")?.value).toBe("");
  });

  it("reads an exchange, tells that it was read, gives its files, answers in it, and ends it once asked", async () => {
    const kept = [
      message("m1", { topic: { text: "Traitement" }, payload: [{ contentString: "Prenez-vous bien <b>tout</b> ?" }] }),
      message("m2", {
        sender: patient,
        sent: "2026-11-21T09:00:00Z",
        inResponseTo: [{ reference: "Communication/m1" }],
        payload: [
          { contentString: "Oui." },
          {
            contentAttachment: { contentType: "text/plain", url: "Communication/m2/attachment/0", title: "photo.txt" },
          },
        ],
      }),
    ];
    const { open } = messaging(kept);
    const element = await open();
    await until(() => textOf(element).includes("1 nouveau message"), "listed");
    find<HTMLDetailsElement>(element, "details").open = true;
    await until(() => kept[1]?.received !== undefined, "told that it was read");
    expect(textOf(element)).toMatch(/Vous · .*<b>tout<\/b> \? Odile TESTARD · .* Oui\./);
    expect(find(element, "[data-file]").textContent).toContain("photo.txt");
    expect(await axeViolations(element)).toEqual([]);
    send(element, "Très bien.", "m1");
    await until(() => kept.length === 3, "answered");
    expect(kept[2]?.inResponseTo).toEqual([{ reference: "Communication/m1" }]);
    await until(() => textOf(element).includes("Très bien."), "listed");
    find(element, "[data-end]").click();
    await until(() => textOf(element).includes("ne pourra plus répondre"), "asked");
    expect(kept[0]?.status).toBe("in-progress");
    find(element, "[data-confirm]").click();
    await until(() => textOf(element).includes("Échange terminé"), "ended");
    expect(kept[0]?.status).toBe("stopped");
  });

  it("keeps what was typed when it is refused or lost, says why, and never says that it was not sent when it may have been", async () => {
    const { service, held, open } = messaging([]);
    const element = await open();
    await until(() => textOf(element).includes("Aucun échange"), "ready");
    service.intercept = (request, path) => (request.method === "POST" ? refusal(403, "R59") : held(request, path));
    send(element, "Venez lundi.");
    await until(() => textOf(element).includes("Le message n’est pas parti."), "refused");
    expect(textOf(element)).toContain("Le patient a choisi de ne pas vous donner accès à son dossier. (Règle R59)");
    expect(await axeViolations(element)).toEqual([]);
    const numbers: unknown[] = [];
    service.intercept = async (request, path) => {
      if (request.method !== "POST") return held(request, path);
      numbers.push((await request.json()).identifier?.[0]?.value);
      throw new TypeError("Failed to fetch");
    };
    send(element, "Venez lundi.");
    await until(() => textOf(element).includes("On ne sait pas si le message est parti"), "lost");
    expect(textOf(element)).toContain("renvoyé tel quel, il n’y sera qu’une fois");
    expect(form(element).querySelector("textarea")?.value).toBe("Venez lundi.");
    // Sent again it is the same message, changed it is another one.
    for (const text of ["Venez lundi.", "Venez mardi."]) {
      const before = numbers.length;
      await until(() => {
        if (numbers.length === before) send(element, text);
        return numbers.length > before && textOf(element).includes("On ne sait pas si le message est parti");
      }, "sent again");
    }
    expect(numbers[0]).toMatch(/^urn:oid:2\.25\./);
    expect(numbers[1]).toBe(numbers[0]);
    expect(new Set(numbers.slice(2))).not.toContain(numbers[0]);
  });

  it("says when the messages cannot be loaded, tries again, and forgets all of it with the patient", async () => {
    const { service, held, open } = messaging([message("m1", { payload: [{ contentString: "Pour Odile." }] })]);
    service.intercept = () => new Response("", { status: 500 });
    const element = await open({ locale: "en" });
    await until(() => textOf(element).includes("The messages could not be loaded."), "said");
    expect(await axeViolations(element)).toEqual([]);
    service.intercept = held;
    find(element, "[data-retry]").click();
    await until(() => textOf(element).includes("Pour Odile."), "loaded");
    const field = form(element).querySelector("textarea");
    if (field !== null) field.value = "Chère Odile";
    element.ins = insAttribute(marcel);
    await element.updateComplete;
    expect(textOf(element)).not.toContain("Odile");
    expect(form(element).querySelector("textarea")?.value).toBe("");
    await until(() => textOf(element).includes("No exchange with this patient."), "empty");
    await page.viewport(320, 800);
    try {
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
    } finally {
      await page.viewport(1000, 800);
    }
  });

  it("sends a message with a file once, however fast one clicks; a file that is gone is told", async () => {
    const kept: Communication[] = [];
    const { open } = messaging(kept);
    const element = await open();
    await until(() => textOf(element).includes("Aucun échange"), "ready");
    const attach = (file: File) => {
      const files = new DataTransfer();
      files.items.add(file);
      const input = form(element).querySelector<HTMLInputElement>("[name=files]");
      if (input !== null) input.files = files.files;
    };
    const gone = new File(["x"], "parti.txt", { type: "text/plain" });
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotReadableError"));
    try {
      attach(gone);
      send(element, "Voici le résultat.");
      await until(() => textOf(element).includes("Ce fichier ne peut pas être joint : parti.txt"), "told");
    } finally {
      Blob.prototype.arrayBuffer = arrayBuffer;
    }
    attach(new File(["Consignes"], "consignes.txt", { type: "text/plain" }));
    send(element, "Voici le résultat.");
    form(element).querySelector<HTMLButtonElement>("[data-send]")?.click();
    await until(() => textOf(element).includes("Message envoyé."), "sent");
    await until(() => textOf(element).includes("Vous · 28 novembre 2026"), "listed");
    expect(kept).toHaveLength(1);
  });

  it("keeps what is typed, and what is under way, when its host moves it within the page", async () => {
    const kept: Communication[] = [];
    const { service, held, open } = messaging(kept);
    const element = await open();
    await until(() => textOf(element).includes("Aucun échange"), "ready");
    const move = () => {
      const place = document.createElement("section");
      document.querySelector("main")?.append(place);
      place.append(element);
    };
    const field = form(element).querySelector("textarea");
    if (field !== null) field.value = "Venez lundi.";
    move();
    await element.updateComplete;
    expect(form(element).querySelector("textarea")?.value).toBe("Venez lundi.");
    let release: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      release = resolve;
    });
    service.intercept = async (request, path) => {
      if (request.method === "POST") await waits;
      return held(request, path);
    };
    form(element).querySelector<HTMLButtonElement>("[data-send]")?.click();
    await until(() => textOf(element).includes("Envoi"), "on its way");
    move();
    release();
    await until(() => textOf(element).includes("Message envoyé."), "sent");
    expect(kept).toHaveLength(1);
  });
});
