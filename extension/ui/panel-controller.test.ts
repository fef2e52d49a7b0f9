import { readCdaHeader, wrapInCda } from "@carnet/sdk/cda";
import { computeInsKey, type IdentityTraits } from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import type { Candidate, Capture, PlacedDocument } from "../capture/capture.ts";
import type { Target } from "../capture/target.ts";
import type { CdaReading } from "../identify/reader.worker.ts";
import type { Compared, Earlier } from "../outbox/earlier.ts";
import type { Label, Parcel } from "../outbox/row.ts";
import type { SignedIn } from "../platform/session.ts";
import { Problem } from "../shared/problem.ts";
import { PanelController } from "./panel-controller.ts";
import type { PanelPorts, RecordAnswer } from "./panel-ports.ts";

const system = "urn:oid:1.2.250.1.213.1.4.10";
const insOf = (number: string) => ({ system, value: `${number}${computeInsKey(number)}` });
const camille = {
  ins: insOf("2850378006042"),
  birthName: "TESTARD",
  birthGivenNames: ["CAMILLE"],
  firstGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-03-14",
} as const satisfies IdentityTraits;
const alix = {
  ins: insOf("1700675114201"),
  birthName: "EXEMPLIN",
  birthGivenNames: ["ALIX"],
  firstGivenName: "ALIX",
  sex: "male",
  birthDate: "1970-06-02",
} as const satisfies IdentityTraits;

const drLeroy: SignedIn = {
  owner: "dr-leroy",
  serviceUrl: "https://dossier.example",
  sender: {
    kind: "professional",
    name: "Dr Paul LEROY",
    rpps: "810000000019",
    profession: "10",
    structure: { id: "1750000018", name: "CH des essais" },
  },
};
const place = { id: "1750000018", name: "CH des essais", facilityType: "SA01", practiceSetting: "ETABLISSEMENT" };
const target: Target = { id: "1", tabId: 7, windowId: 1, kind: "tab", tabUrl: "https://outil.example/a.txt" };
const letter = "CENTRE HOSPITALIER\nLettre de liaison à la sortie\nHospitalisation du 12/10/2026";

interface World {
  /** Who the reader finds in the document and on the page, by their text. */
  readonly people: Map<string, readonly IdentityTraits[]>;
  readonly records: Map<string, RecordAnswer>;
  /** Who the datamatrix codes of the document name. */
  codes: readonly IdentityTraits[];
  page: string;
  documentId: string;
  readonly queued: { uniqueId: string; parcel: Parcel; label: Label; instead?: string }[];
  captured: (signal: AbortSignal) => Promise<Capture>;
  /** Content of the refused document. */
  refused: Parcel | undefined;
  cda: CdaReading;
  /** What the choice of a candidate gives. */
  chosen: (candidate: Candidate) => Promise<Capture>;
  /** Told how many images were put together. */
  joined: (count: number) => void;
  /** What was sent before and is alike. */
  earlier: (compared: Compared) => Earlier | undefined;
}

const pageOf = (text: string) => ({
  address: "https://outil.example/a",
  title: "",
  text,
  adapted: {},
  adapterId: undefined,
  documentId: "d1",
});

function world(text: string, page = ""): World {
  return {
    people: new Map(),
    codes: [],
    records: new Map(
      [camille, alix].map((traits) => [traits.ins.value, { state: "open", traits, ins: traits.ins } as const]),
    ),
    page,
    documentId: "d1",
    queued: [],
    earlier: () => undefined,
    refused: undefined,
    cda: { ok: false, code: "cda-unreadable", detail: "" },
    chosen: async () => {
      throw new Problem("unknown");
    },
    joined: () => undefined,
    captured: async () => ({
      kind: "file",
      file: {
        kind: "text",
        contentType: "text/plain",
        bytes: new TextEncoder().encode(text),
        fileName: "a.txt",
        calledOnPage: "",
      },
      page: pageOf(page),
    }),
  };
}

/** The browser, the service and the disk of a test; the panel and its judgement are the real ones. */
function panelIn(given: World): PanelController {
  const ports: PanelPorts = {
    capture: (_target, signal) => given.captured(signal),
    captureCandidate: (_target, candidate) => given.chosen(candidate),
    isSameDocument: async (_target, page) => page.documentId === given.documentId,
    pageNow: async () => pageOf(given.page),
    openReader: () => ({
      identities: async (text) => (given.people.get(text) ?? []).map((traits) => ({ traits, where: [] })),
      codes: async () => given.codes,
      cda: async () => given.cda,
      wrap: async (input) =>
        `<ClinicalDocument>${input.patient.birthName} ${input.replaces} ${input.version}</ClinicalDocument>`,
      close: () => undefined,
    }),
    openPdf: async () => {
      throw new Problem("pdf-unreadable");
    },
    imageToPdf: async (bytes) => bytes,
    imagesToPdf: async (images) => {
      given.joined(images.length);
      return new TextEncoder().encode("%PDF-1.7");
    },
    imagePixels: async () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 }),
    record: async (ins) => given.records.get(ins.value) ?? { state: "none", traits: undefined, ins },
    enqueue: async (entry) => {
      given.queued.push(entry);
      return `row-${given.queued.length}`;
    },
    openRefused: async () => given.refused,
    earlier: async (_sender, compared) => given.earlier(compared),
    ring: async () => undefined,
    rows: async () => [],
    today: () => "2026-11-22",
    now: () => new Date("2026-11-22T08:00:00Z"),
    defaultType: undefined,
  };
  const controller = new PanelController(ports);
  controller.setSignedIn(drLeroy);
  return controller;
}

const identityOf = (controller: PanelController) => {
  const { stage } = controller.state;
  if (stage.name !== "review") return stage.name;
  const { identity } = stage.draft;
  return identity.name === "judged" ? identity.judgement.verdict : identity.name;
};

describe("a document whose words give no number", () => {
  const asScan = (given: World) => {
    const text = given.captured;
    given.captured = async (signal) => {
      const captured = await text(signal);
      if (captured.kind !== "file") throw new Error("a file was expected");
      return { ...captured, file: { ...captured.file, kind: "jpeg", contentType: "image/jpeg" } };
    };
  };

  it("is verified by the datamatrix on its pixels", async () => {
    const given = world(letter);
    given.codes = [camille];
    asScan(given);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("certain");
  });

  it("is refused when its codes name two patients, whatever the page shows", async () => {
    const given = world(letter);
    given.codes = [camille, alix];
    asScan(given);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("refused");
  });
});

describe("the panel", () => {
  it("queues the document of a certain patient, complete and with the record's identity", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("certain");
    await panel.send();
    expect(panel.state.stage).toEqual({ name: "filed", rowId: "row-1" });
    expect(given.queued[0]).toMatchObject({
      parcel: { ins: camille.ins, xml: expect.stringContaining("TESTARD") },
      label: { patientName: "CAMILLE TESTARD" },
    });
    expect(given.queued[0]?.uniqueId).toMatch(/^urn:oid:2\.25\.\d+$/);
  });

  it("never queues a wrong patient, even if the send is called", async () => {
    const given = world(letter, "page");
    given.people.set(letter, [camille]).set("page", [alix]);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("refused");
    panel.edit({ isConfirmed: true });
    await panel.send();
    expect(given.queued).toEqual([]);
  });

  it("asks for a deliberate confirmation of a doubtful one, and forgets it when the identity is looked up again", async () => {
    const given = world(letter);
    given.people.set(letter, [{ ...camille, birthName: "TESTARP" }]);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.send();
    expect(given.queued).toEqual([]);
    panel.edit({ isConfirmed: true });
    await panel.retryRecord();
    await panel.send();
    expect(given.queued).toEqual([]);
    panel.edit({ isConfirmed: true });
    await panel.send();
    expect(given.queued.length).toBe(1);
  });

  it("asks whether a document sent before is replaced, and sends the answer: version, header and former document", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const former = { uniqueId: "urn:oid:2.25.7", setId: "urn:oid:2.25.6", version: 2, documentId: "d7", sentAt: 1 };
    given.earlier = ({ patient }) => (patient === camille.ins.value ? { ...former, likeness: "near" } : undefined);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.send();
    expect(given.queued).toEqual([]);
    panel.edit({ earlierChoice: "replaces" });
    await panel.send();
    expect(given.queued[0]).toMatchObject({
      parcel: { replaces: "d7", xml: expect.stringContaining("urn:oid:2.25.7 3") },
      trace: { patient: camille.ins.value, setId: "urn:oid:2.25.6", version: 3 },
    });
  });

  it("adds a document beside the alike one when the person says that it is another", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const former = { uniqueId: "urn:oid:2.25.7", setId: "urn:oid:2.25.6", version: 2, documentId: "d7", sentAt: 1 };
    given.earlier = () => ({ ...former, likeness: "same" });
    const panel = panelIn(given);
    await panel.take(target);
    panel.edit({ earlierChoice: "another" });
    await panel.send();
    expect(given.queued[0]?.parcel.replaces).toBeUndefined();
    expect(given.queued[0]?.parcel.xml).toContain("undefined undefined");
  });

  it("repairs a refused document in place: its file and description come back, the patient is checked anew", async () => {
    const given = world("");
    given.people.set(letter, [camille]);
    const body = { contentType: "text/plain" as const, bytes: new TextEncoder().encode(letter) };
    const xml = wrapInCda({
      content: body.bytes,
      contentType: body.contentType,
      title: "Lettre",
      uniqueId: "urn:oid:2.25.9",
      effectiveTime: "2026-10-15T08:00:00Z",
      type: { code: "11490-0", system: "http://loinc.org", display: "Lettre de liaison" },
      act: { start: "2026-10-12" },
      patient: { ...alix, birthGivenNames: [...alix.birthGivenNames], birthPlaceCode: "31555" },
      author: { rpps: "810000000019", family: "LEROY", given: "Paul", profession: "G15_10", organization: place },
    });
    given.refused = {
      ins: alix.ins,
      xml,
      visibility: { hiddenFromProfessionals: true, invisibleToPatient: false },
      submissionSetId: "urn:oid:2.25.3",
    };
    given.cda = { ok: true, header: readCdaHeader(xml), xml, body };
    const panel = panelIn(given);
    await panel.repair("row-7");
    // Refused as a letter of Alix, it names Camille: the words of the document decide, not the former choice.
    expect(panel.state.stage).toMatchObject({
      draft: { title: "Lettre", actDate: "2026-10-12", visibility: "hidden", type: { code: "11490-0" } },
    });
    expect(identityOf(panel)).toBe("certain");
    panel.edit({ title: "Lettre corrigée" });
    await panel.send();
    expect(given.queued[0]).toMatchObject({
      instead: "row-7",
      label: { title: "Lettre corrigée", patientName: "CAMILLE TESTARD" },
    });
    expect(given.queued[0]?.uniqueId).not.toBe("urn:oid:2.25.9");
  });

  it("carries nothing of the former patient to the next document", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    given.captured = world("un scan sans nom").captured;
    await panel.take({ ...target, id: "2" });
    expect(identityOf(panel)).toBe("missing");
    expect(JSON.stringify(panel.state)).not.toMatch(/TESTARD|2850378006042/);
  });

  it("drops a capture that answers after the next click", async () => {
    const slow = world(letter);
    slow.people.set(letter, [camille]);
    let release: () => void = () => undefined;
    const { captured } = slow;
    slow.captured = async (signal) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return captured(signal);
    };
    const panel = panelIn(slow);
    const first = panel.take(target);
    slow.captured = world("rien").captured;
    await panel.take({ ...target, id: "2" });
    release();
    await first;
    expect(identityOf(panel)).toBe("missing");
  });

  it("drops everything when the page of the capture leaves, and only that page", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.pageLoading(99);
    await panel.pageLoading(7);
    expect(identityOf(panel)).toBe("certain");
    given.documentId = "d2";
    await panel.pageLoading(7);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-navigated" } });
    await panel.send();
    expect(given.queued).toEqual([]);
  });

  it("sends nothing when the page shows another patient at the moment of sending", async () => {
    const given = world(letter, "page de Camille");
    given.people.set(letter, [camille]).set("page de Camille", [camille]).set("page d'Alix", [alix]);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("certain");
    given.page = "page d'Alix";
    await panel.send();
    expect(given.queued).toEqual([]);
    expect(panel.state.stage.name).toBe("problem");
  });

  it.each([
    ["none", "no-record"],
    ["closed", "closed"],
  ] as const)("says before sending that the record is %s", async (state, shown) => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    given.records.set(camille.ins.value, { state, traits: undefined, ins: camille.ins });
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe(shown);
  });

  it("keeps the document when the record cannot be asked, and asks again", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const answer = given.records.get(camille.ins.value);
    given.records.delete(camille.ins.value);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("no-record");
    if (answer !== undefined) given.records.set(camille.ins.value, answer);
    await panel.retryRecord();
    expect(identityOf(panel)).toBe("certain");
  });

  it("takes a typed number only when neither the document nor the page gives one", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.typeIns(alix.ins);
    expect(panel.state.stage).toMatchObject({ draft: { identity: { ins: camille.ins } } });
  });

  it("keeps what the person wrote while the record answers", async () => {
    const given = world("sans nom");
    const panel = panelIn(given);
    await panel.take(target);
    panel.edit({ title: "Mon titre" });
    await panel.typeIns(camille.ins);
    expect(panel.state.stage).toMatchObject({ draft: { title: "Mon titre", identity: { name: "judged" } } });
  });

  it("reads nothing while nobody is signed in, then reads the page that was clicked", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    let reads = 0;
    const { captured } = given;
    given.captured = (signal) => {
      reads += 1;
      return captured(signal);
    };
    const panel = panelIn(given);
    panel.setSignedIn(undefined);
    await panel.take(target);
    expect(reads).toBe(0);
    panel.setSignedIn(drLeroy);
    expect(reads).toBe(1);
  });

  it("forgets the document when the person signs out", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    panel.setSignedIn(undefined);
    expect(panel.state.stage.name).toBe("empty");
    expect(JSON.stringify(panel.state)).not.toContain("TESTARD");
  });
});

describe("several documents of one page", () => {
  const placed = (name: string): PlacedDocument => ({
    kind: "document",
    address: `https://outil.example/${name}.txt`,
    label: name,
    frameId: 0,
  });
  /** The page offers these; reading one gives the text of the same name. */
  const offering = (...names: readonly string[]) => {
    const given = world("", "page");
    given.captured = async () => ({ kind: "choice", candidates: names.map(placed), page: pageOf("page") });
    given.chosen = async (candidate) => {
      if (candidate.kind !== "document" || candidate.label === "perdu") throw new Problem("capture-gone");
      const bytes = new TextEncoder().encode(`${letter}\n${candidate.label}`);
      const file = { kind: "text", contentType: "text/plain", bytes, fileName: "", calledOnPage: "" } as const;
      given.people.set(`${letter}\n${candidate.label}`, candidate.label.startsWith("alix") ? [alix] : [camille]);
      return { kind: "file", file, page: pageOf("page") };
    };
    return given;
  };
  const states = (panel: PanelController) => {
    const { stage } = panel.state;
    return stage.name === "batch" ? stage.batch.map(({ state }) => state) : stage.name;
  };

  it("are checked one by one, and only those that are certain and complete are queued", async () => {
    const given = offering("un", "deux", "perdu", "alix");
    // The page shows Camille: a document about Alix cannot be sent from it.
    given.people.set("page", [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.takeAll();
    expect(states(panel)).toEqual(["ready", "ready", "failed", "unsure"]);
    await panel.sendBatch();
    expect(given.queued.map(({ label }) => label.patientName)).toEqual(["CAMILLE TESTARD", "CAMILLE TESTARD"]);
    expect(panel.state).toMatchObject({ view: "history", stage: { name: "empty" } });
  });

  it("are not sent when the page has moved to another patient meanwhile", async () => {
    const given = offering("un", "deux");
    given.people.set("page", [camille]).set("page d'Alix", [alix]);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.takeAll();
    given.page = "page d'Alix";
    await panel.sendBatch();
    expect(given.queued).toEqual([]);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-navigated" } });
  });

  it("are read no further once the person stops", async () => {
    const given = offering("un", "deux", "trois");
    given.people.set("page", [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    let reads = 0;
    const { chosen } = given;
    given.chosen = (candidate) => {
      reads += 1;
      panel.dismiss();
      return chosen(candidate);
    };
    await panel.takeAll();
    expect(reads).toBe(1);
    expect(states(panel)).toBe("empty");
    expect(given.queued).toEqual([]);
  });

  it("can be opened alone, to be looked at or filled in", async () => {
    const given = offering("alix", "un");
    const panel = panelIn(given);
    await panel.take(target);
    await panel.takeAll();
    await panel.openOfBatch(placed("alix"));
    expect(identityOf(panel)).toBe("certain");
    expect(panel.state.stage).toMatchObject({ draft: { identity: { ins: alix.ins } } });
  });
});

describe("files dropped together", () => {
  const picture = (name: string) => ({ name, type: "image/jpeg", bytes: Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]) });

  it("become one document when they are images, and are refused when they are not", async () => {
    const given = world("");
    const sizes: number[] = [];
    given.joined = (count) => sizes.push(count);
    const panel = panelIn(given);
    await panel.takeFiles([picture("recto.jpg"), picture("verso.jpg")]);
    expect(sizes).toEqual([2]);
    await panel.takeFiles([
      picture("recto.jpg"),
      { name: "a.txt", type: "text/plain", bytes: new TextEncoder().encode("a") },
    ]);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-several-files" } });
  });
});

describe("the record beside the page", () => {
  const onScreen = async (people: readonly IdentityTraits[]) => {
    const given = world("", "page");
    given.captured = async () => ({ kind: "choice", candidates: [], page: pageOf("page") });
    given.people.set("page", people);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.lookAtRecord();
    return { panel, given };
  };

  it("is that of the one person whom the page names, as the record does", async () => {
    const { panel } = await onScreen([camille]);
    expect(panel.state.onScreen).toMatchObject({ name: "certain", ins: camille.ins });
  });

  it.each([
    ["two people", "several", [camille, alix]],
    ["nobody", "nobody", []],
    ["somebody of another name under this number", "unsure", [{ ...camille, birthName: "AUTREMENT" }]],
    ["a name nearly the same", "unsure", [{ ...camille, birthName: "TESTARP" }]],
    ["a number without a name", "unsure", [{ ins: camille.ins }]],
  ] as const)("is not shown for %s", async (_, name, people) => {
    const { panel } = await onScreen(people);
    expect(panel.state.onScreen).toEqual({ name });
  });

  it("leaves the panel with the page, and with the person who signed in", async () => {
    const first = await onScreen([camille]);
    first.given.documentId = "d2";
    await first.panel.pageLoading(7);
    expect(first.panel.state.onScreen).toBeUndefined();
    const second = await onScreen([camille]);
    second.panel.setSignedIn(undefined);
    expect(second.panel.state.onScreen).toBeUndefined();
  });
});
