import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url).pathname;
const sources = [
  "adapters",
  "capture",
  "describe",
  "identify",
  "outbox",
  "platform",
  "shared",
  "ui",
  "entrypoints",
].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, "utf8") })),
);

describe("the extension's sources", () => {
  it("read other addresses than the service's in two places only", () => {
    const readers = sources.filter(({ text }) => /\bfetch\(|XMLHttpRequest|sendBeacon|new WebSocket/.test(text));
    expect(readers.map(({ name }) => name).sort()).toEqual(["capture/fetch-document.ts", "capture/inspect-page.ts"]);
  });

  it("never write HTML", () => {
    const writers = sources.filter(({ text }) =>
      /innerHTML|dangerouslySetInnerHTML|outerHTML|document\.write|\beval\(/.test(text),
    );
    expect(writers.map(({ name }) => name)).toEqual([]);
  });

  it("log nothing", () => {
    expect(sources.filter(({ text }) => /console\./.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it("keep nothing in local storage but the settings", () => {
    const writers = sources.filter(({ text }) => /storage\.local\.set|localStorage|sessionStorage/.test(text));
    expect(writers.map(({ name }) => name)).toEqual(["shared/settings.ts"]);
  });
});
