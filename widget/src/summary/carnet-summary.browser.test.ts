import { type Bundle, type Condition, extensionUrl } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import type { CarnetDeposit } from "../deposit/carnet-deposit.ts";
import { cdaLetter, insAttribute, letter, marcel, odile, summaryBundle, synthesis } from "../testing/fixtures.ts";
import { axeViolations, find, heard, reached, section, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService, testDocument } from "../testing/record-server.ts";

const documents = [
  testDocument(cdaLetter(odile)),
  testDocument(cdaLetter(odile), { uniqueId: synthesis, title: "Synthèse médicale", author: "Dr Paul ESSAI" }),
];

function open(authorisation: "valid" | "none" | "expired" | "forbidden" | "never" = "valid", more: object = {}) {
  const service = startService([{ person: odile, authorisation, documents, ...more }]);
  return { service, client: service.client(), ins: insAttribute(odile) };
}

describe("<carnet-summary>, ready", () => {
  it("shows who the patient is, with the labels of the INS guide and words for what is unknown", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const strip = textOf(find(panel, ".identity"));
    expect(strip).toContain("TESTARD");
    expect(strip).toMatch(/Date de naissance 14 juillet 1958/);
    expect(strip).toMatch(/Nom utilisé Non renseigné/);
    expect(strip).toContain("INS de test");
    expect(strip).toMatch(/\d+ ans/);
  });

  it("shows allergies first, dangerous ones in words, and leaves refuted ones out", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const [first] = panel.shadowRoot?.querySelectorAll("[data-section]") ?? [];
    expect(first?.getAttribute("data-section")).toBe("allergies");
    const text = textOf(section(panel, "allergies"));
    expect(text).toMatch(/Pénicilline Risque élevé Œdème du visage \(sévère\)/);
    expect(text).toMatch(/depuis mai 2010/);
    expect(text).toMatch(/Pollen de graminées non confirmé/);
    expect(text).not.toContain("réfutée");
  });

  it("writes a treatment on one line: substance, brand, form, dose, route, rhythm, in French numbers", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const text = textOf(section(panel, "currentTreatments"));
    expect(text).toMatch(/metformine 500 mg par comprimé METFORMINE EXEMPLE/);
    expect(text).toContain("1 comprimé, voie orale, 2 fois par jour, au petit-déjeuner et au dîner");
    expect(text).toContain("12,5 microgrammes, voie orale, 1 fois par jour");
    expect(textOf(section(panel, "pastTreatments"))).toMatch(/Amoxicilline 1 g arrêté.*fin : 27 janvier 2019/);
  });

  it("shows results with value, unit, date, range, an arrow in words, and a named sparkline with its table", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const results = section(panel, "results");
    const text = textOf(results);
    expect(text).toMatch(/HbA1c\) 7,1 % élevé \(calculé\) 3 novembre 2024 · norme de 4 à 6/);
    expect(text).toMatch(/Potassium 3,1 mmol\/L bas 3 novembre 2024/);
    expect(results.querySelector("svg[role=img]")?.getAttribute("aria-label")).toMatch(
      /dernière valeur 7,1.%, 3.novembre.2024, en baisse, 5 valeurs/,
    );
    const details = results.querySelector("details.values") as HTMLDetailsElement;
    details.open = true;
    await until(() => results.querySelectorAll("tbody tr").length === 5, "table of five values");
    expect(textOf(results)).toContain("3 novembre 2020 6,9 %");
  });

  it("shows what documents say differently side by side", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    expect(textOf(section(panel, "problems"))).toMatch(
      /texte type 1 Affiché Diabète de type 2 Texte du document Date : 2014 · Diabète de type 1/,
    );
  });

  it("says which document says what, in words, without an identifier or a code of the wire", async () => {
    const says = (detail: string) => ({
      url: extensionUrl.disagreement,
      valueString: `${synthesis} (2024-03-05) dit ${detail}`,
    });
    const asthma: Condition & { id: string } = {
      resourceType: "Condition",
      id: "asthma",
      meta: { source: letter },
      extension: [says("clinicalStatus: resolved"), says("severity: 24484000"), says('"Aucun asthme"')],
      code: { text: "Asthme" },
      clinicalStatus: { coding: [{ code: "active" }] },
      subject: { reference: "Patient/p" },
    };
    const { client, ins } = open("valid", { summary: summaryBundle(odile, [asthma]) });
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const problems = section(panel, "problems");
    await until(() => textOf(problems).includes("Synthèse médicale, 5 mars 2024"), "title of the other document");
    const text = textOf(problems);
    expect(text).toMatch(/État : actif/);
    expect(text).toMatch(/Synthèse médicale, 5 mars 2024 État : résolu/);
    expect(text).toMatch(/Gravité : sévère .*« Aucun asthme »/);
    expect(text).not.toMatch(/urn:|clinicalStatus|resolved|24484000/);
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("shows history, vaccinations, risks, contacts, points of vigilance, devices, each in its place", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    expect(textOf(section(panel, "history"))).toMatch(/Pneumopathie .*Appendicectomie/);
    expect(textOf(section(panel, "immunizations"))).toMatch(/21 octobre 2025 Vaccin grippe saisonnière lot LOT-42/);
    expect(textOf(section(panel, "risks"))).toContain("Sevré depuis 2009");
    expect(textOf(section(panel, "contacts"))).toMatch(/Luc ESSAI Conjoint · \+33199001122/);
    expect(textOf(section(panel, "narratives"))).toContain("Vit seule, chutes répétées.");
    expect(textOf(section(panel, "devices"))).toMatch(/Prothèse de hanche Dispositif médical/);
  });

  it("tells its state by attribute and events, and passes axe", async () => {
    const states = heard("carnet-state");
    const ready = heard("carnet-ready");
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    expect(states.map(({ detail }) => detail.state)).toEqual(["loading", "ready"]);
    expect(ready).toHaveLength(1);
    expect(await axeViolations(panel)).toEqual([]);
    panel.theme = "dark";
    await panel.updateComplete;
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("speaks English when asked, without a word of French of its own", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins, locale: "en" });
    await reached(panel, "ready");
    const text = textOf(panel);
    expect(text).toContain("Allergies and intolerances");
    expect(text).toContain("High risk");
    expect(text).not.toMatch(/Traitements|Aucune|Non renseigné/);
  });
});

describe("<carnet-summary>, sources", () => {
  it("opens the document of a fact at its section, with author and date", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const asked = heard("carnet-open-document");
    find<HTMLButtonElement>(panel, `[data-section=currentTreatments] [data-source="${letter}"]`).click();
    expect(asked[0]?.detail).toMatchObject({ uniqueId: letter, section: "10160-0" });
    await until(() => textOf(panel).includes("Histoire de la maladie"), "document shown");
    const text = textOf(panel);
    expect(text).toContain("Auteur Dr Inès MODÈLE");
    expect(text).toContain("3 novembre 2026");
    expect(text).toContain("TESTARD");
    expect(await axeViolations(panel)).toEqual([]);
    find<HTMLButtonElement>(panel, "[data-back]").click();
    await until(() => panel.shadowRoot?.querySelector("[data-section=allergies]") !== null, "back to the summary");
  });

  it("lists several sources with their title, author and date", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    const sources = find<HTMLDetailsElement>(panel, "[data-section=allergies] details.sources");
    sources.open = true;
    await until(() => textOf(sources).includes("Synthèse médicale"), "sources described");
    expect(textOf(sources)).toMatch(/2 sources .*Lettre de sortie.*Synthèse médicale .*Dr Paul ESSAI/);
  });

  it("comes back from a document to the list as it was, with its criteria", async () => {
    const { client, ins } = open("valid", {
      documents: Array.from({ length: 30 }, (_, position) =>
        testDocument(cdaLetter(odile), { uniqueId: `urn:uuid:l${position}`, title: `Lettre ${position}` }),
      ),
    });
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    await until(() => panel.shadowRoot?.querySelector("[data-more=documents]") !== null, "documents");
    find(panel, "[data-more=documents]").click();
    await until(
      () => panel.shadowRoot?.querySelector("carnet-documents")?.shadowRoot?.querySelector("[data-document]") != null,
      "list",
    );
    const list = find(panel, "carnet-documents");
    const search = find<HTMLInputElement>(list, "[data-filter=text]");
    search.value = "lettre 7";
    search.dispatchEvent(new Event("input"));
    await until(() => textOf(list).includes("3 sur 30"), "found");
    find(list, "[data-document]").click();
    await until(() => textOf(panel).includes("Histoire de la maladie"), "document shown");
    expect(find(panel, "[data-back]").textContent).toContain("Retour à la liste");
    expect(await axeViolations(panel)).toEqual([]);
    find(panel, "[data-back]").click();
    await until(() => panel.shadowRoot?.querySelector("carnet-document") === null, "back");
    expect(find(panel, "carnet-documents")).toBe(list);
    expect(textOf(list)).toContain("3 sur 30");
  });

  it("lets the host open the document itself", async () => {
    const { client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    panel.addEventListener("carnet-open-document", (event) => event.preventDefault());
    find<HTMLButtonElement>(panel, `[data-source="${letter}"]`).click();
    await panel.updateComplete;
    expect(panel.shadowRoot?.querySelector("carnet-document")).toBeNull();
  });
});

describe("<carnet-summary>, when there is nothing to read", () => {
  it("no-record: says that there is no record", async () => {
    const service = startService([]);
    const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
    await reached(panel, "no-record");
    expect(textOf(panel)).toContain("n’a pas de dossier médical partagé");
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("closed: says since when and why", async () => {
    const { client, ins } = open("valid", { state: "closed" });
    const panel = summaryElement({ client, ins });
    await reached(panel, "closed");
    expect(textOf(panel)).toMatch(/Fermé le 11 février 2026\..*À la demande du titulaire/);
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("R57: a document can be deposited without consent, and its receipt stays on screen", async () => {
    const { client, ins } = open("none");
    const panel = summaryElement({ client, ins });
    await reached(panel, "consent-needed");
    find(panel, "[data-deposit]").click();
    await until(() => panel.shadowRoot?.querySelector<CarnetDeposit>("carnet-deposit")?.choose !== undefined, "form");
    const deposit = find<CarnetDeposit>(panel, "carnet-deposit");
    await deposit.choose(new File([cdaLetter(odile)], "lettre.xml", { type: "text/xml" }));
    await until(() => deposit.shadowRoot?.querySelector("[data-send]") !== null, "ready to send");
    expect(panel.dataset.state).toBe("consent-needed");
    expect(find(panel, "carnet-deposit")).toBe(deposit);
  });

  it("R59: forbidden says in plain words that the patient does not give access, and that depositing stays possible", async () => {
    const { client, ins } = open("forbidden");
    const panel = summaryElement({ client, ins });
    await reached(panel, "forbidden");
    expect(textOf(panel)).toMatch(/choisi de ne pas vous donner accès.*déposer un document/);
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("R79: who never consults is not offered to declare a consent, nor told of a block", async () => {
    const { client, ins } = open("never");
    const panel = summaryElement({ client, ins });
    await reached(panel, "forbidden");
    expect(textOf(panel)).toMatch(/mode de connexion ne permet pas.*R79.*déposer un document/);
    expect(panel.shadowRoot?.querySelector("carnet-access")).toBeNull();
  });

  it("offline: says so, and tries again at a press", async () => {
    const { service, client, ins } = open();
    service.intercept = () => {
      throw new TypeError("Failed to fetch");
    };
    const panel = summaryElement({ client, ins });
    await reached(panel, "offline");
    expect(await axeViolations(panel)).toEqual([]);
    service.intercept = undefined;
    find<HTMLButtonElement>(panel, "[data-retry]").click();
    await reached(panel, "ready");
  });

  it("offline after loading: keeps what is on screen and says from when it is", async () => {
    const { service, client, ins } = open();
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    service.intercept = () => {
      throw new TypeError("Failed to fetch");
    };
    await panel.reload();
    await reached(panel, "offline");
    expect(textOf(panel)).toContain("Pénicilline");
    expect(textOf(panel)).toMatch(/Hors ligne\. Ce qui est affiché date du \d/);
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("error: names what failed without a technical word, tells the host, and tries again", async () => {
    const errors = heard("carnet-error");
    const { service, client, ins } = open();
    service.intercept = () => new Response("{}", { status: 500 });
    const panel = summaryElement({ client, ins });
    await reached(panel, "error");
    expect(textOf(panel)).toContain("Le service du dossier ne répond pas");
    expect(errors.at(-1)?.detail).toEqual({ code: "unavailable" });
    expect(JSON.stringify(errors.map(({ detail }) => detail))).not.toContain(odile.ins);
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("loading: keeps the places of the sections, busy and without a word that could be read as none", async () => {
    const { service, client, ins } = open();
    service.intercept = (_request, path) => (path.includes("summary") ? new Promise(() => undefined) : undefined);
    const panel = summaryElement({ client, ins });
    await until(() => panel.shadowRoot?.querySelector("[data-section=allergies]") !== null, "skeletons");
    expect(panel.dataset.state).toBe("loading");
    expect(textOf(section(panel, "allergies"))).toBe("Allergies et intolérances");
    expect(await axeViolations(panel)).toEqual([]);
  });
});

describe("<carnet-summary>, one part fails", () => {
  it("the documents fail: their section says so and offers to try again; the summary stays", async () => {
    const { service, client, ins } = open();
    service.intercept = (_request, path) =>
      path.startsWith("/DocumentReference") ? new Response("", { status: 500 }) : undefined;
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    await until(() => textOf(section(panel, "documents")).includes("non chargé"), "documents failed");
    expect(textOf(section(panel, "allergies"))).toContain("Pénicilline");
    expect(await axeViolations(panel)).toEqual([]);
    service.intercept = undefined;
    find<HTMLButtonElement>(panel, "[data-section=documents] .failed button").click();
    await until(() => textOf(section(panel, "documents")).includes("Synthèse médicale"), "documents came back");
  });

  it("the summary fails: each clinical section says not loaded, never none; the documents stay", async () => {
    const { service, client, ins } = open();
    service.intercept = (_request, path) => (path.includes("summary") ? new Response("", { status: 500 }) : undefined);
    const panel = summaryElement({ client, ins });
    await reached(panel, "ready");
    expect(textOf(section(panel, "allergies"))).toContain("Allergies et intolérances : non chargé.");
    expect(textOf(panel)).not.toMatch(/aucune? (allergie|information)/i);
    expect(textOf(section(panel, "documents"))).toContain("Lettre de sortie");
  });

  it("a summary about somebody else is not shown", async () => {
    const { client, ins } = open("valid", { summary: summaryBundle(marcel) });
    const panel = summaryElement({ client, ins });
    await reached(panel, "error");
    expect(textOf(panel)).toContain("La réponse ne concerne pas ce patient");
    expect(textOf(panel)).not.toContain("FICTIF");
  });
});

describe("<carnet-summary>, nothing and known absence", () => {
  const person = { resourceType: "Patient" as const, id: "p", name: [{ text: "X" }] };

  it("tells under a row what the entry says beside it, and marks what must not be taken", async () => {
    const order = {
      resourceType: "MedicationRequest" as const,
      status: "active" as const,
      intent: "order" as const,
      subject: {},
    };
    const panel = summaryElement({
      bundle: {
        resourceType: "Bundle",
        type: "document",
        entry: [
          { resource: person },
          {
            resource: {
              ...order,
              medicationCodeableConcept: { text: "A" },
              dispenseRequest: { numberOfRepeatsAllowed: 3 },
            },
          },
          { resource: { ...order, medicationCodeableConcept: { text: "B" }, doNotPerform: true } },
          {
            resource: {
              ...order,
              medicationCodeableConcept: { text: "C" },
              dosageInstruction: [
                { timing: { repeat: { boundsPeriod: { start: "2026-01-01" } } } },
                { sequence: 1, text: "1 le matin" },
              ],
            },
          },
        ],
      },
    });
    await reached(panel, "ready");
    const treatments = section(panel, "currentTreatments");
    expect(textOf(treatments)).toContain("Renouvelable 3 fois");
    // What only says since when has steps that say how.
    expect(textOf(treatments.querySelectorAll("li")[2] as Element)).toMatch(/^C 1 le matin/);
    expect(textOf(treatments.querySelector(".tag.danger") as Element)).toBe("à ne pas prendre");
  });

  it("shows twenty steps of a tapered treatment, in their order, and says of how many", async () => {
    const steps = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ sequence: at + 1, text: `palier ${at + 1}` }));
    const treatment = (name: string, count: number) => ({
      resource: {
        resourceType: "MedicationStatement" as const,
        status: "active" as const,
        subject: {},
        medicationCodeableConcept: { text: name },
        dosage: steps(count),
      },
    });
    const entry = [{ resource: person }, treatment("A", 23), treatment("B", 20)];
    const panel = summaryElement({ bundle: { resourceType: "Bundle", type: "document", entry } });
    await reached(panel, "ready");
    const [long, whole] = section(panel, "currentTreatments").querySelectorAll("li");
    expect(textOf(long as Element)).toMatch(/palier 1 .*palier 2 .*palier 20/);
    expect(textOf(long as Element)).not.toContain("palier 21");
    expect(textOf(long as Element)).toContain("20 sur 23");
    expect(textOf(whole as Element)).toContain("palier 20");
    expect(textOf(whole as Element)).not.toContain("sur 20");
  });

  it("says that the allergy status is unknown when nobody recorded it", async () => {
    const panel = summaryElement({
      bundle: { resourceType: "Bundle", type: "document", entry: [{ resource: person }] },
    });
    await reached(panel, "ready");
    expect(textOf(section(panel, "allergies"))).toContain("Statut allergique inconnu");
    expect(await axeViolations(panel)).toEqual([]);
  });

  it("says no known allergy with who said it and when, only when somebody did", async () => {
    const panel = summaryElement({
      bundle: {
        resourceType: "Bundle",
        type: "document",
        entry: [
          { resource: person },
          { fullUrl: "urn:uuid:1", resource: { resourceType: "Practitioner", id: "d", name: [{ family: "Modèle" }] } },
          {
            resource: {
              resourceType: "AllergyIntolerance",
              id: "n",
              patient: {},
              code: { coding: [{ system: "http://snomed.info/sct", code: "716186003" }] },
              asserter: { reference: "Practitioner/d" },
              recordedDate: "2025-06",
            },
          },
        ],
      },
    });
    await reached(panel, "ready");
    expect(textOf(section(panel, "allergies"))).toContain("Aucune allergie connue par MODÈLE, juin 2025");
  });

  it("says how much of a long list it shows, and shows the rest at a press", async () => {
    const conditions = Array.from({ length: 159 }, (_, position) => ({
      fullUrl: `urn:uuid:c${position}`,
      resource: {
        resourceType: "Condition" as const,
        id: `c${position}`,
        subject: {},
        code: { text: `Problème ${position}` },
      },
    }));
    const panel = summaryElement({
      bundle: { resourceType: "Bundle", type: "collection", entry: [{ resource: person }, ...conditions] },
    });
    await reached(panel, "ready");
    const problems = section(panel, "problems");
    expect(textOf(problems)).toContain("5 sur 159");
    expect(problems.querySelectorAll("li")).toHaveLength(5);
    find<HTMLButtonElement>(panel, "[data-more=problems]").click();
    await panel.updateComplete;
    expect(textOf(problems)).toContain("50 sur 159");
    // A sheet of paper can be asked for nothing more: there every row stands. What paper needs is fetched after the first paint.
    await until(() => {
      dispatchEvent(new Event("beforeprint"));
      return !textOf(problems).includes("sur 159");
    }, "the whole list, to be printed");
    expect(problems.querySelectorAll("li")).toHaveLength(159);
    dispatchEvent(new Event("afterprint"));
    await panel.updateComplete;
    expect(textOf(problems)).toContain("50 sur 159");
  });
});

describe("<carnet-summary>, change of patient", () => {
  it("nothing of the former patient remains on the next frame", async () => {
    const service = startService([
      { person: odile, authorisation: "valid", documents },
      {
        person: marcel,
        authorisation: "valid",
        summary: {
          ...summaryBundle(marcel),
          entry: (summaryBundle(marcel).entry ?? []).filter(
            ({ resource }) => resource?.resourceType !== "AllergyIntolerance",
          ),
        },
      },
    ]);
    const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
    await reached(panel, "ready");
    panel.ins = insAttribute(marcel);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(textOf(panel)).not.toMatch(/TESTARD|Pénicilline|Lettre de sortie/);
    await until(() => textOf(panel).includes("FICTIF"), "new patient");
    expect(textOf(panel)).not.toMatch(/TESTARD|Pénicilline/);
  });

  it("a thousand changes of patient with answers in any order: never one name over another's data, at any frame", async () => {
    // Who it is and one allergy are enough to tell two people apart, and a thousand summaries stay quick.
    const small = (person: typeof odile): Bundle => {
      const { entry = [], ...bundle } = summaryBundle(person);
      const kept = /^(Composition|Patient|AllergyIntolerance)$/;
      return { ...bundle, entry: entry.filter(({ resource }) => kept.test(resource?.resourceType ?? "")) };
    };
    /** A turn of the page's loop, without the four milliseconds of nested timers. */
    const { port1, port2 } = new MessageChannel();
    const waiting: (() => void)[] = [];
    port1.onmessage = () => waiting.shift()?.();
    const turnOfLoop = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        port2.postMessage(0);
      });
    const service = startService([
      { person: odile, authorisation: "valid", summary: small(odile) },
      {
        person: marcel,
        authorisation: "valid",
        summary: JSON.parse(JSON.stringify(small(marcel)).replaceAll("Pénicilline", "Iode")),
      },
    ]);
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    service.intercept = async () => {
      for (let turn = Math.floor(random() * 6); turn > 0; turn--) await turnOfLoop();
      return undefined;
    };
    const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
    const mixed: string[] = [];
    const shown = { odile: 0, marcel: 0, nobody: 0 };
    let isWatching = true;
    const watch = () => {
      const text = textOf(panel);
      const expected = panel.ins === insAttribute(odile) ? "odile" : "marcel";
      if (/TESTARD Odile/.test(text) && /Iode|FICTIF/.test(text)) mixed.push("odile with marcel");
      if (/FICTIF/.test(text) && /Pénicilline/.test(text)) mixed.push("marcel with odile");
      if (expected === "odile" ? /FICTIF|Iode/.test(text) : /TESTARD Odile|Pénicilline/.test(text))
        mixed.push(`other than ${expected}`);
      shown[/Pénicilline|Iode/.test(text) ? expected : "nobody"]++;
      if (isWatching) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
    for (let turn = 0; turn < 1000; turn++) {
      panel.ins = insAttribute(random() < 0.5 ? odile : marcel);
      for (let left = Math.floor(random() * 12); left > 0; left--) await turnOfLoop();
      if (random() < 0.1) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    panel.ins = insAttribute(marcel);
    await panel.updateComplete;
    await until(() => textOf(panel).includes("FICTIF"), "last patient");
    isWatching = false;
    expect(mixed).toEqual([]);
    // The watch saw both people and the moments between: it was not looking elsewhere.
    expect(Math.min(shown.odile, shown.marcel, shown.nobody), JSON.stringify(shown)).toBeGreaterThan(5);
  }, 60_000);

  it("a long Bundle is read in turns, and replaced while it is read it is never shown", async () => {
    const problems = Array.from({ length: 20_000 }, (_, position) => ({
      resourceType: "Condition" as const,
      id: `long-${position}`,
      subject: {},
      code: { text: `Problème ${position}` },
    }));
    const panel = summaryElement({ bundle: summaryBundle(odile, problems) });
    await panel.updateComplete;
    expect(panel.dataset.state).toBe("loading");
    panel.bundle = summaryBundle(marcel);
    await reached(panel, "ready");
    // More turns than the reading of the former one has parts.
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setTimeout(resolve));
    expect(textOf(panel)).toContain("FICTIF");
    expect(textOf(panel)).not.toMatch(/TESTARD|Problème \d/);
    panel.bundle = summaryBundle(odile, problems);
    await until(() => textOf(panel).includes("TESTARD"), "the long one");
    expect(textOf(panel)).not.toContain("FICTIF");
  });

  it("a late answer for an element taken out of the page is dropped", async () => {
    const { service, client, ins } = open();
    let release: () => void = () => undefined;
    service.intercept = (_request, path) =>
      path.includes("summary")
        ? new Promise((resolve) => {
            release = () => resolve(undefined);
          })
        : undefined;
    const panel = summaryElement({ client, ins });
    await until(() => service.requests.some((request) => request.includes("summary")), "summary asked");
    panel.remove();
    release();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(panel.dataset.state).toBe("loading");
  });
});
