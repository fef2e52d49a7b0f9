import { readCdaHeader, wrapInCda } from "@carnet/sdk/cda";
import { computeInsKey, findMentions, findOtherSubjects, type IdentityTraits } from "@carnet/sdk/identity";
import type { Candidate, Capture } from "../../capture/capture.ts";
import type { PlacedDownload } from "../../capture/downloads.ts";
import type { PageContext } from "../../capture/page-context.ts";
import type { PlacedTab } from "../../capture/tabs.ts";
import type { Target } from "../../capture/target.ts";
import type { CdaReading } from "../../identify/read-cda.ts";
import type { Compared, Earlier } from "../../outbox/earlier.ts";
import type { ListedRow } from "../../outbox/outbox.ts";
import type { Room } from "../../outbox/room.ts";
import type { Label, Parcel } from "../../outbox/row.ts";
import type { SignedIn } from "../../platform/session.ts";
import { Problem } from "../../shared/problem.ts";
import { PanelController } from "../panel-controller.ts";
import type { PanelPorts, RecordAnswer } from "../panel-ports.ts";

const system = "urn:oid:1.2.250.1.213.1.4.10";
const insOf = (number: string) => ({ system, value: `${number}${computeInsKey(number)}` });
export const camille = {
  ins: insOf("2850378006042"),
  birthName: "TESTARD",
  birthGivenNames: ["CAMILLE"],
  firstGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-03-14",
} as const satisfies IdentityTraits;
export const alix = {
  ins: insOf("1700675114201"),
  birthName: "EXEMPLIN",
  birthGivenNames: ["ALIX"],
  firstGivenName: "ALIX",
  sex: "male",
  birthDate: "1970-06-02",
} as const satisfies IdentityTraits;

export const drLeroy: SignedIn = {
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
export const place = {
  id: "1750000018",
  name: "CH des essais",
  facilityType: "SA01",
  practiceSetting: "ETABLISSEMENT",
};
export const target: Target = { id: "1", tabId: 7, windowId: 1, kind: "tab", tabUrl: "https://outil.example/a.txt" };
export const letter = "CENTRE HOSPITALIER\nLettre de liaison à la sortie\nHospitalisation du 12/10/2026";

/** A CDA whose header names this person, around this text. */
export function cdaAround(
  text: string,
  named: typeof camille | typeof alix = camille,
): Extract<CdaReading, { readonly ok: true }> {
  const body = { contentType: "text/plain" as const, bytes: new TextEncoder().encode(text) };
  const xml = wrapInCda({
    content: body.bytes,
    contentType: body.contentType,
    title: "Lettre",
    uniqueId: "urn:oid:2.25.9",
    effectiveTime: "2026-10-15T08:00:00Z",
    type: { code: "11490-0", system: "http://loinc.org", display: "Lettre de liaison" },
    act: { start: "2026-10-12" },
    patient: { ...named, birthGivenNames: [...named.birthGivenNames], birthPlaceCode: "78006" },
    author: { rpps: "810000000019", family: "LEROY", given: "Paul", profession: "G15_10", organization: place },
  });
  return { ok: true, header: readCdaHeader(xml), xml, body, narrative: "", enclosed: [] };
}

export interface World {
  /** Who the reader finds in the document and on the page, by their text. */
  readonly people: Map<string, readonly IdentityTraits[]>;
  readonly records: Map<string, RecordAnswer>;
  /** Who the datamatrix codes of the document name. */
  codes: readonly IdentityTraits[];
  page: string;
  /** What the page of this tab says at the moment of sending; undefined when it cannot be read. */
  now: (clicked: Target) => PageContext | undefined;
  documentId: string;
  /** Documents of anybody that did not leave yet. */
  waiting: number;
  /** What the outbox lists for the person signed in. */
  rows: () => Promise<readonly ListedRow[]>;
  readonly queued: { uniqueId: string; parcel: Parcel; label: Label; instead?: string }[];
  /** Awaited by the disk once the document is on it, before it says so. */
  kept: () => Promise<void>;
  captured: (signal: AbortSignal, clicked?: Target) => Promise<Capture>;
  /** Room left on the workstation; none at all refuses what is queued. */
  room: Room;
  tabs: readonly PlacedTab[];
  downloads: readonly PlacedDownload[];
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

export const pageOf = (text: string) => ({
  address: "https://outil.example/a",
  title: "",
  text,
  adapted: {},
  adapterId: undefined,
  documentId: "d1",
});

export function world(text: string, page = ""): World {
  const given: World = {
    people: new Map(),
    codes: [],
    records: new Map(
      [camille, alix].map((traits) => [traits.ins.value, { state: "open", traits, ins: traits.ins } as const]),
    ),
    page,
    documentId: "d1",
    queued: [],
    kept: async () => undefined,
    waiting: 0,
    rows: async () => [],
    earlier: () => undefined,
    refused: undefined,
    tabs: [],
    downloads: [],
    room: { freeBytes: undefined, isLow: false },
    cda: { ok: false, code: "cda-unreadable", detail: "" },
    chosen: async () => {
      throw new Problem("unknown");
    },
    joined: () => undefined,
    now: () => pageOf(given.page),
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
  return given;
}

/** The browser, the service and the disk of a test; the panel and its judgement are the real ones. */
export function panelIn(given: World): PanelController {
  const ports: PanelPorts = {
    capture: (clicked, signal) => given.captured(signal, clicked),
    captureCandidate: (_target, candidate) => given.chosen(candidate),
    tabsOf: async () => given.tabs,
    recentDownloads: async () => given.downloads,
    captureDownload: async (_download, signal) => given.captured(signal),
    isSameDocument: async (_target, page) => page.documentId === given.documentId,
    pageNow: async (clicked) => given.now(clicked),
    openReader: () => ({
      identities: async (text) =>
        (given.people.get(text) ?? []).map((traits) => ({ traits, where: [], isCalledPatient: true })),
      others: async (text) => findOtherSubjects(text),
      mentions: async (text) => findMentions(text),
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
    inTurn: (work) => work(),
    enqueue: async (entry) => {
      if (given.room.freeBytes === 0) throw new Problem("outbox-full");
      given.queued.push(entry);
      await given.kept();
      return `row-${given.queued.length}`;
    },
    openRefused: async () => given.refused,
    earlier: async (_sender, compared) => given.earlier(compared),
    ring: async () => undefined,
    rows: () => given.rows(),
    waiting: async () => given.waiting,
    room: async () => given.room,
    today: () => "2026-11-22",
    now: () => new Date("2026-11-22T08:00:00Z"),
    defaultType: undefined,
  };
  const controller = new PanelController(ports);
  controller.setSignedIn(drLeroy);
  return controller;
}

export const identityOf = (controller: PanelController) => {
  const { stage } = controller.state;
  if (stage.name !== "review") return stage.name;
  const { identity } = stage.draft;
  return identity.name === "judged" ? identity.judgement.verdict : identity.name;
};
