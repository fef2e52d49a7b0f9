import { describe, expect, it } from "vitest";
import type { PlacedDocument } from "../capture/capture.ts";
import type { PlacedTab } from "../capture/tabs.ts";
import { Problem } from "../shared/problem.ts";
import type { PanelController } from "./panel-controller.ts";
import { alix, camille, cdaAround, identityOf, letter, pageOf, panelIn, target, world } from "./testing/panel-world.ts";

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

  it("are looked at alone when they hold files of their own, which would leave unseen", async () => {
    const given = offering("un", "deux");
    const { chosen } = given;
    given.chosen = async (candidate) => {
      const capture = await chosen(candidate);
      return capture.kind === "file" ? { ...capture, file: { ...capture.file, kind: "cda" } } : capture;
    };
    const note = { name: "note.txt", bytes: new TextEncoder().encode("Rien à signaler") };
    for (const [enclosed, state] of [
      [[], "ready"],
      [[note], "unsure"],
    ] as const) {
      given.cda = { ...cdaAround("Lettre"), enclosed };
      const panel = panelIn(given);
      await panel.take(target);
      await panel.takeAll();
      expect(states(panel)).toEqual([state, state]);
    }
  });

  it("are queued as far as there is room, and the others stay to be sent once there is some", async () => {
    const given = offering("un", "deux");
    given.people.set("page", [camille]);
    const panel = panelIn(given);
    await panel.take(target);
    await panel.takeAll();
    panel.subscribe(() => {
      if (given.queued.length === 1) given.room = { freeBytes: 0, isLow: true };
    });
    await panel.sendBatch();
    expect(panel.state.stage).toMatchObject({ isSending: false, problem: { code: "outbox-full" } });
    expect(states(panel)).toEqual(["filed", "ready"]);
    expect(given.queued.length).toBe(1);
  });

  it("are sent once when two of them are the same, and the second stays to be looked at", async () => {
    const given = offering("un", "deux");
    given.people.set("page", [camille]);
    given.earlier = () =>
      given.queued[0] && {
        uniqueId: given.queued[0].uniqueId,
        likeness: "same",
        documentId: undefined,
        setId: given.queued[0].uniqueId,
        version: 1,
        sentAt: 1,
      };
    const panel = panelIn(given);
    await panel.take(target);
    await panel.takeAll();
    expect(states(panel)).toEqual(["ready", "ready"]);
    await panel.sendBatch();
    expect(given.queued.length).toBe(1);
    expect(states(panel)).toEqual(["filed", "unsure"]);
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

describe("several tabs of a tool", () => {
  const tab = (tabId: number): PlacedTab => ({
    kind: "tab",
    label: `tab ${tabId}`,
    isAsleep: false,
    target: { ...target, id: `t${tabId}`, tabId },
  });
  /** Three tabs: a letter of Camille, one of Alix, a page with links. */
  const threeTabs = () => {
    const given = world("", "page");
    given.tabs = [tab(7), tab(8), tab(9), { ...tab(10), isAsleep: true }];
    given.captured = async (_signal, clicked) => {
      if (clicked?.tabId === 9) {
        const link = { kind: "document", address: "https://outil.example/1", label: "un", frameId: 0 } as const;
        return { kind: "choice", candidates: [link, { kind: "page" }], page: pageOf("page 9") };
      }
      const text = `${letter}\ntab ${clicked?.tabId}`;
      given.people.set(text, clicked?.tabId === 8 ? [alix] : [camille]);
      const file = {
        kind: "text",
        contentType: "text/plain",
        bytes: new TextEncoder().encode(text),
        fileName: "",
        calledOnPage: "",
      } as const;
      return { kind: "file", file, page: pageOf(`page ${clicked?.tabId}`) };
    };
    given.people.set("page 7", [camille]).set("page 8", [alix]);
    given.now = (clicked) => pageOf(`page ${clicked.tabId}`);
    return given;
  };
  const itemsOf = (panel: PanelController) => {
    const { stage } = panel.state;
    return stage.name === "batch"
      ? stage.batch.map((item) => (item.state === "failed" ? item.problem.code : item.state))
      : stage.name;
  };

  it("are each checked against their own page, and sent to their own patient", async () => {
    const given = threeTabs();
    const panel = panelIn(given);
    await panel.takeTabs(1, "https://outil.example");
    expect(itemsOf(panel)).toEqual(["ready", "ready", "capture-several-here", "capture-tab-asleep"]);
    await panel.sendBatch();
    expect(given.queued.map(({ label }) => label.patientName)).toEqual(["CAMILLE TESTARD", "ALIX EXEMPLIN"]);
    // What could not leave stays in front of the person.
    expect(itemsOf(panel)).toEqual(["filed", "filed", "capture-several-here", "capture-tab-asleep"]);
  });

  it("are not sent once they show another patient, while the others are", async () => {
    const given = threeTabs();
    const panel = panelIn(given);
    await panel.takeTabs(1, "https://outil.example");
    given.people.set("page 7 d'Alix", [alix]);
    given.now = (clicked) => pageOf(clicked.tabId === 7 ? "page 7 d'Alix" : `page ${clicked.tabId}`);
    await panel.sendBatch();
    expect(given.queued.map(({ label }) => label.patientName)).toEqual(["ALIX EXEMPLIN"]);
    expect(itemsOf(panel)[0]).toBe("capture-navigated");
  });
});
