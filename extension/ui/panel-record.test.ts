import type { IdentityTraits } from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import { alix, camille, pageOf, panelIn, target, world } from "./testing/panel-world.ts";

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

  it("leaves the panel when another tab comes in front, and is asked for again when the page is back", async () => {
    const { panel } = await onScreen([camille]);
    panel.tabInFront(8);
    expect(panel.state).toMatchObject({ isElsewhere: true, onScreen: { name: "elsewhere" } });
    await panel.lookAtRecord();
    expect(JSON.stringify(panel.state)).not.toMatch(/TESTARD/);
    panel.tabInFront(7);
    expect(panel.state).toMatchObject({ isElsewhere: false, onScreen: { name: "elsewhere" } });
    await panel.lookAtRecord();
    expect(panel.state.onScreen).toMatchObject({ name: "certain", ins: camille.ins });
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
