import { describe, expect, it } from "vitest";
import { Problem } from "../shared/problem.ts";
import {
  alix,
  camille,
  cdaAround,
  drLeroy,
  identityOf,
  letter,
  pageOf,
  panelIn,
  target,
  type World,
  world,
} from "./testing/panel-world.ts";

describe("a document whose words give no number", () => {
  const asScan = (given: World) => {
    const text = given.captured;
    given.captured = async (signal) => {
      const captured = await text(signal);
      if (captured.kind !== "file") throw new Error("a file was expected");
      return { ...captured, file: { ...captured.file, kind: "jpeg", contentType: "image/jpeg" } };
    };
  };

  it("is verified by the datamatrix on its pixels when the page shows that person", async () => {
    const given = world(letter, "Alix");
    given.codes = [alix];
    given.people.set("Alix", [alix]);
    asScan(given);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("certain");
  });

  it("R40 is asked about when its datamatrix is all that says whose it is: a newborn bears its mother's", async () => {
    const given = world(letter);
    given.codes = [camille];
    asScan(given);
    const panel = panelIn(given);
    await panel.take(target);
    expect(identityOf(panel)).toBe("doubtful");
    await panel.send();
    expect(given.queued).toEqual([]);
    panel.edit({ isConfirmed: true });
    expect(panel.state.stage).toMatchObject({ draft: { isConfirmed: true, identity: { source: "document" } } });
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

describe("a CDA around a document", () => {
  const verdictOn = async (words: string, ...people: readonly (typeof camille | typeof alix)[]) =>
    verdictOf(cdaAround(words), words, people);
  const verdictOf = async (
    cda: ReturnType<typeof cdaAround>,
    words: string,
    people: readonly (typeof camille | typeof alix)[],
    codes: readonly (typeof camille | typeof alix)[] = [],
    page = "",
  ) => {
    const given = world("<ClinicalDocument/>", page);
    given.people.set("Dossier de Camille", [camille]);
    given.codes = codes;
    const text = given.captured;
    given.captured = async (signal) => {
      const captured = await text(signal);
      if (captured.kind !== "file") throw new Error("a file was expected");
      return { ...captured, file: { ...captured.file, kind: "cda", contentType: "text/xml" } };
    };
    given.cda = cda;
    given.people.set(words, people);
    const panel = panelIn(given);
    await panel.take(target);
    return identityOf(panel);
  };

  it("is refused when its header and the words of the document name two patients", async () => {
    expect(await verdictOn("Lettre d'Alix", alix)).toBe("refused");
  });

  it("is refused when its header and the sections under it name two patients", async () => {
    const narrative = "Histoire d'Alix";
    expect(await verdictOf({ ...cdaAround("Lettre"), body: undefined, narrative }, narrative, [alix])).toBe("refused");
  });

  it("R40 is refused when its header and the label on the picture within it name two patients", async () => {
    const scan = {
      ...cdaAround("Lettre"),
      body: { contentType: "image/jpeg", bytes: new Uint8Array([0xff, 0xd8, 0xff]) },
    };
    expect(await verdictOf(scan, "", [], [alix])).toBe("refused");
    expect(await verdictOf(scan, "", [], [camille])).toBe("certain");
  });

  it("R40 is asked about when its header is all that says whose picture it holds, and verified on the page of that person", async () => {
    for (const contentType of ["image/jpeg", "image/tiff"]) {
      const scan = { ...cdaAround("Lettre"), body: { contentType, bytes: new Uint8Array([0xff, 0xd8, 0xff]) } };
      expect(await verdictOf(scan, "", []), contentType).toBe("doubtful");
      expect(await verdictOf(scan, "", [], [], "Dossier de Camille"), contentType).toBe("certain");
    }
  });

  it("is verified by its header when the words say the same, or name nobody", async () => {
    expect(await verdictOn("Lettre de Camille", camille)).toBe("certain");
    expect(await verdictOn("Lettre sans nom")).toBe("certain");
  });
});

describe("the panel and the page that it reads", () => {
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

  it("says that the page left, and not what its leaving did to the reading", async () => {
    const given = world("", "page");
    const link = { kind: "document", address: "https://outil.example/1", label: "un", frameId: 0 } as const;
    given.captured = async () => ({ kind: "choice", candidates: [link], page: pageOf("page") });
    given.chosen = async () => {
      throw new Problem("capture-needs-permission");
    };
    const panel = panelIn(given);
    await panel.take(target);
    await panel.choose(link);
    expect(panel.state.stage).toMatchObject({ problem: { code: "capture-needs-permission" } });
    // The same document once more, as its viewer goes on loading.
    await panel.pageLoading(target.tabId);
    expect(panel.state.stage).toMatchObject({ problem: { code: "capture-needs-permission" } });
    given.documentId = "d2";
    await panel.pageLoading(target.tabId);
    expect(panel.state.stage).toMatchObject({ problem: { code: "capture-navigated" } });
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

  it("sends nothing when a page that had words cannot be read any more; a viewer never had any", async () => {
    for (const [page, sent] of [
      ["page de Camille", 0],
      ["", 1],
    ] as const) {
      const given = world(letter, page);
      given.people.set(letter, [camille]).set("page de Camille", [camille]);
      const panel = panelIn(given);
      await panel.take(target);
      expect(identityOf(panel)).toBe("certain");
      given.now = () => undefined;
      await panel.send();
      expect(given.queued.length, page).toBe(sent);
    }
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

describe("files dropped together", () => {
  const picture = (name: string) => new File([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])], name, { type: "image/jpeg" });

  it("become one document when they are images, and are refused when they are not", async () => {
    const given = world("");
    const sizes: number[] = [];
    given.joined = (count) => sizes.push(count);
    const panel = panelIn(given);
    await panel.takeFiles([picture("recto.jpg"), picture("verso.jpg")]);
    expect(sizes).toEqual([2]);
    await panel.takeFiles([picture("recto.jpg"), new File(["a"], "a.txt", { type: "text/plain" })]);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-several-files" } });
  });

  it("are a document each when there is but one, of the kind that it claims to be", async () => {
    const given = world("");
    given.joined = () => expect.unreachable();
    given.people.set(letter, [camille]);
    const panel = panelIn(given);
    await panel.takeFiles([new File([letter], "lettre.txt", { type: "text/plain" })]);
    expect(panel.state.stage).toMatchObject({
      name: "review",
      draft: { file: { kind: "text", fileName: "lettre.txt" } },
    });
    expect(identityOf(panel)).toBe("certain");
    await panel.takeFiles([picture("recto.jpg")]);
    expect(panel.state.stage).toMatchObject({
      name: "review",
      draft: { file: { kind: "jpeg", fileName: "recto.jpg" } },
    });
    await panel.takeFiles([new File(["Votre session a expiré"], "lettre", { type: "application/pdf" })]);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-type-changed" } });
  });

  it("are not read when they are too large, and said to be unreadable when they are", async () => {
    const panel = panelIn(world(""));
    const unread = { name: "film.pdf", type: "application/pdf", arrayBuffer: () => Promise.reject(new Error("read")) };
    await panel.takeFiles([{ ...unread, size: 3_000_000_000 }]);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-too-large" } });
    await panel.takeFiles([{ ...unread, size: 4_096 }]);
    expect(panel.state.stage).toMatchObject({ name: "problem", problem: { code: "capture-unreadable-file" } });
  });
});

describe("a download", () => {
  it("is read from its address as a document of no page, and again once the address is allowed", async () => {
    const given = world(letter, "page");
    given.people.set(letter, [camille]).set("page", [alix]);
    given.downloads = [{ address: "https://outil.example/a", label: "a.txt", isInProgress: true }];
    const read = given.captured;
    given.captured = async () => {
      throw new Problem("capture-needs-permission", { detail: "https://outil.example/*" });
    };
    const panel = panelIn(given);
    await panel.offerDownloads();
    expect(panel.state.stage).toEqual({ name: "downloads", downloads: given.downloads });
    const [download] = given.downloads;
    if (download === undefined) throw new Error("none");
    await panel.takeDownload(download);
    expect(panel.state.stage).toMatchObject({ name: "problem", download });
    given.captured = async (signal) => {
      const captured = await read(signal);
      return { ...captured, page: { ...captured.page, address: "", text: "" } };
    };
    await panel.takeDownload(download);
    expect(identityOf(panel)).toBe("certain");
  });
});
