import { describe, expect, it } from "vitest";
import type { ListedRow } from "../outbox/outbox.ts";
import {
  alix,
  camille,
  cdaAround,
  drLeroy,
  identityOf,
  letter,
  panelIn,
  target,
  world,
} from "./testing/panel-world.ts";

describe("sending from the panel", () => {
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

  it("keeps everything in front of the person when the workstation has no room, and sends it once there is some", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    panel.edit({ title: "Mon titre" });
    given.room = { freeBytes: 0, isLow: true };
    await panel.send();
    expect(panel.state).toMatchObject({
      room: { isLow: true },
      stage: { name: "review", isSending: false, draft: { title: "Mon titre" }, problem: { code: "outbox-full" } },
    });
    given.room = { freeBytes: undefined, isLow: false };
    await panel.send();
    expect(given.queued.map(({ label }) => label.title)).toEqual(["Mon titre"]);
    expect(panel.state.stage.name).toBe("filed");
  });

  it("repairs a refused document in place: its file and description come back, the patient is checked anew", async () => {
    const given = world("");
    given.people.set(letter, [camille]);
    const refused = cdaAround(letter, alix);
    given.refused = {
      ins: alix.ins,
      xml: refused.xml,
      visibility: { hiddenFromProfessionals: true, invisibleToPatient: false },
      submissionSetId: "urn:oid:2.25.3",
    };
    given.cda = refused;
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

  it("leaves the document that was clicked while a refused one was being opened in front of the person", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const refused = cdaAround("Compte rendu d'une autre personne", alix);
    const visibility = { hiddenFromProfessionals: false, invisibleToPatient: false };
    given.refused = { ins: alix.ins, xml: refused.xml, visibility, submissionSetId: "urn:oid:2.25.3" };
    given.cda = refused;
    const panel = panelIn(given);
    await Promise.all([panel.repair("row-7"), panel.take(target)]);
    expect(panel.state.stage).toMatchObject({ name: "review", draft: { text: letter } });
    await panel.send();
    expect(given.queued).toMatchObject([{ label: { patientName: "CAMILLE TESTARD" } }]);
    expect(given.queued[0]).not.toHaveProperty("instead");
  });

  it("asks again when the same document left meanwhile from another window, and sends once that is answered", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    const former = { uniqueId: "urn:oid:2.25.7", setId: "urn:oid:2.25.7", version: 1, documentId: "d7", sentAt: 1 };
    given.earlier = () => ({ ...former, likeness: "same" });
    await panel.send();
    expect(given.queued).toEqual([]);
    expect(panel.state.stage).toMatchObject({ name: "review", isSending: false, draft: { earlier: former } });
    panel.edit({ earlierChoice: "another" });
    await panel.send();
    expect(given.queued.length).toBe(1);
  });

  it("leaves the next document in front of the person when the former one is safe only after the click on it", async () => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    let isNext = false;
    given.kept = async () => {
      if (!isNext) {
        isNext = true;
        await panel.take({ ...target, id: "2" });
      }
    };
    await panel.send();
    expect(given.queued.length).toBe(1);
    // "Dans le dossier" beside the second one would have it taken for sent.
    expect(panel.state.stage.name).toBe("review");
    expect(identityOf(panel)).toBe("certain");
  });

  it.each([
    ["nothing left", "when it is called back before any attempt", { state: "queued", tries: 0 }],
    ["it may have arrived", "when the answer to an attempt was lost", { state: "queued", tries: 1 }],
    ["the record kept nothing", "when the record refused it", { state: "refused", tries: 1 }],
    [
      "it may have arrived",
      "when the record refused it after an attempt without an answer",
      { state: "refused", tries: 2, mayBeThere: true },
    ],
  ] as const)("says that %s %s", async (what, _when, row) => {
    const given = world(letter);
    given.people.set(letter, [camille]);
    given.rows = async () => [{ id: "row-1", ...row } as ListedRow];
    const panel = panelIn(given);
    await panel.take(target);
    await panel.send();
    panel.rowDiscarded("row-1");
    const reach = { "nothing left": "none", "it may have arrived": "unknown", "the record kept nothing": "refused" }[
      what
    ];
    expect(panel.state.stage).toEqual({ name: "undone", reach });
  });

  it("counts what waits for a sign-in while nobody is signed in, and tells nobody else of it", async () => {
    const given = world("");
    given.waiting = 2;
    const panel = panelIn(given);
    panel.setSignedIn(undefined);
    await panel.refreshRows();
    expect(panel.state).toMatchObject({ rows: [], waiting: 2 });
    panel.setSignedIn(drLeroy);
    await panel.refreshRows();
    expect(panel.state.waiting).toBe(0);
  });

  it("puts away what lies in front of somebody, and what was told of it, when a colleague signs in without their leaving", async () => {
    const drMartin = { ...drLeroy, owner: "dr-martin" };
    const given = world(letter);
    given.people.set(letter, [camille]);
    given.cda = cdaAround(letter);
    const visibility = { hiddenFromProfessionals: false, invisibleToPatient: false };
    given.refused = { ins: camille.ins, xml: given.cda.xml, visibility, submissionSetId: "urn:oid:2.25.3" };
    const panel = panelIn(given);
    await panel.takeFiles([new File([letter], "lettre.txt", { type: "text/plain" })]);
    expect(identityOf(panel)).toBe("certain");
    panel.setSignedIn(drMartin);
    expect(panel.state.stage).toEqual({ name: "empty" });

    panel.setSignedIn(drLeroy);
    await panel.repair("row-7");
    expect(panel.state.stage).toMatchObject({ name: "review", draft: { repairs: "row-7" } });
    // In the name of another structure, it is the same person: everything filled in stays.
    panel.setSignedIn({ ...drLeroy });
    expect(panel.state.stage.name).toBe("review");
    await panel.send();
    expect(panel.state.stage.name).toBe("filed");
    panel.setSignedIn(drMartin);
    expect(panel.state.stage).toEqual({ name: "empty" });
  });

  it("shows the latest state of the queue, whichever answer of the disk comes last", async () => {
    const given = world(letter);
    const panel = panelIn(given);
    const answers: ((rows: readonly ListedRow[]) => void)[] = [];
    given.rows = () => new Promise((resolve) => answers.push(resolve));
    const both = [panel.refreshRows(), panel.refreshRows()];
    answers[1]?.([{ id: "row-1", state: "sent" } as ListedRow]);
    answers[0]?.([{ id: "row-1", state: "queued" } as ListedRow]);
    await Promise.all(both);
    expect(panel.state.rows).toEqual([{ id: "row-1", state: "sent" }]);
  });
});
