import { describe, expect, it } from "vitest";
import { isOwnSender } from "./rpc.ts";
import { mergeSettings } from "./settings.ts";

const merge = (managed: unknown, local: unknown = {}) =>
  mergeSettings(managed, local, "fr-FR", "http://127.0.0.1:8787");
const adapter = { id: "outil", version: 1, match: ["https://outil.example/dossier"], identity: { ins: "#ins" } };

describe("settings", () => {
  it("are the hospital's policy first, then those set by hand, then the build's", () => {
    expect(merge({}, {})).toMatchObject({
      serviceUrl: "http://127.0.0.1:8787",
      issuer: "http://127.0.0.1:8787/oidc",
      isManaged: false,
    });
    expect(merge({}, { serviceUrl: "https://a.example/" }).fhirUrl).toBe("https://a.example/fhir");
    expect(merge({ serviceUrl: "https://b.example" }, { serviceUrl: "https://a.example" })).toMatchObject({
      serviceUrl: "https://b.example",
      redirectUri: "https://b.example/extension/signed-in",
      isManaged: true,
    });
  });

  it("drop a bad value and keep the others", () => {
    expect(merge({ serviceUrl: "javascript:alert(1)", clientId: "chu" })).toMatchObject({
      serviceUrl: "http://127.0.0.1:8787",
      clientId: "chu",
    });
    expect(
      merge({ clientId: "chu", adapters: [{ id: "X Y", version: 1 }] }).adapters.map(({ id }) => id),
    ).not.toContain("X Y");
  });

  it("name a service whose documents go there in the clear only on this machine", () => {
    expect(merge({}, { serviceUrl: "http://dossier.example" }).serviceUrl).toBe(merge({}, {}).serviceUrl);
    expect(merge({}, { serviceUrl: "http://127.0.0.1:9000/" }).serviceUrl).toBe("http://127.0.0.1:9000");
  });

  it("give ten seconds to call a document back, or what the hospital says, never more than a minute", () => {
    expect(merge({}).undoMs).toBe(10_000);
    expect(merge({ defaults: { undoSeconds: 0 } }).undoMs).toBe(0);
    expect(merge({ defaults: { undoSeconds: 3600 } }).undoMs).toBe(10_000);
  });

  it("sign out after a quarter of an hour without a move, or when the hospital says", () => {
    expect(merge({}).lockSeconds).toBe(900);
    expect(merge({ defaults: { lockMinutes: 5 } }).lockSeconds).toBe(300);
    expect(merge({ defaults: { lockMinutes: 100_000 } }).lockSeconds).toBe(900);
  });

  it("take the hospital's adapter before the shipped one", () => {
    expect(merge({ adapters: [adapter] }).adapters.map(({ id }) => id)[0]).toBe("outil");
  });
});

describe("a message", () => {
  const own = { id: "us", origin: "chrome-extension://us/" };
  it("is heard only from our own pages", () => {
    expect(isOwnSender({ id: "us", url: "chrome-extension://us/sidepanel.html" }, own)).toBe(true);
    expect(isOwnSender({ id: "us", url: "https://outil.example/" }, own)).toBe(false);
    expect(isOwnSender({ id: "other", url: "chrome-extension://us/x" }, own)).toBe(false);
    expect(isOwnSender({ id: "us" }, own)).toBe(false);
  });
});
