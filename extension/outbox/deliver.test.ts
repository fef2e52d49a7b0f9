import { describe, expect, it } from "vitest";
import { delayBefore } from "./backoff.ts";
import { deliveryOfError, tokenFor } from "./deliver.ts";

describe("what becomes of an attempt", () => {
  it.each(["offline", "timeout", "unavailable", "too-many-requests", "invalid-answer", "never-seen"])(
    "tries again after %s",
    (code) => {
      expect(deliveryOfError({ code })).toEqual({ kind: "later", code });
      expect(deliveryOfError({ code, retryAfterMs: 9_000 })).toEqual({ kind: "later", code, retryAfterMs: 9_000 });
    },
  );

  it.each([
    "record-not-found",
    "record-closed",
    "consent-required",
    "access-refused",
    "identity-mismatch",
    "document-rejected",
    "acknowledgement-required",
    "document-not-found",
    "conflict",
    "not-supported",
  ])("tells the person about %s, by which rule, and does not insist", (code) => {
    expect(deliveryOfError({ code, rule: "R59" })).toEqual({ kind: "refused", code, rule: "R59" });
    expect(deliveryOfError({ code, rule: 59 })).toEqual({ kind: "refused", code });
  });

  it.each([
    ["access-refused", 403],
    ["not-supported", 404],
    ["record-closed", 410],
    ["document-rejected", 407],
  ])("takes %s (%i) without the record's own words for that of a proxy on the way, and tries again", (code, status) => {
    expect(deliveryOfError({ code, status })).toEqual({ kind: "later", code: "answered-by-another" });
    expect(deliveryOfError({ code, status, outcome: {} })).toEqual({ kind: "refused", code });
  });

  it("does not send again what a proxy finds too large, and blames no file for it", () => {
    expect(deliveryOfError({ code: "document-rejected", status: 413 })).toEqual({
      kind: "refused",
      code: "too-large-on-the-way",
    });
  });

  it.each(["cda-malformed", "ins-key"])(
    "tells the person about %s, which the reader found before anything left",
    (code) => {
      expect(deliveryOfError({ code })).toEqual({ kind: "refused", code });
    },
  );

  it("waits for a sign-in after an expired token", () => {
    expect(deliveryOfError({ code: "unauthorised", status: 401 })).toEqual({ kind: "sign-in" });
  });

  it("never drops a document because of something thrown that is no error at all", () => {
    for (const thrown of [undefined, null, "word", { code: 7, retryAfterMs: "soon" }])
      expect(deliveryOfError(thrown)).toEqual({ kind: "later", code: "unknown" });
  });
});

describe("the token that a document leaves under", () => {
  const row = { owner: "dr-leroy", serviceUrl: "https://dossier.example" };

  it("is that of the person who sent it, at the service that it was sent to", () => {
    expect(tokenFor(row, { ...row, token: "t" })).toBe("t");
  });

  it("is nobody else's, who signed in while it was on its way, and shown to no other service", () => {
    expect(tokenFor(row, { ...row, owner: "dr-petit", token: "t" })).toBeUndefined();
    expect(tokenFor(row, { ...row, serviceUrl: "https://ailleurs.example", token: "t" })).toBeUndefined();
    expect(tokenFor(row, undefined)).toBeUndefined();
  });
});

describe("the delay before the next attempt", () => {
  it("doubles from 30 seconds and never exceeds 30 minutes", () => {
    const longest = [1, 2, 3, 10, 100].map((tries) => delayBefore(tries, undefined, () => 1));
    expect(longest).toEqual([30_000, 60_000, 120_000, 1_800_000, 1_800_000]);
    expect(delayBefore(3, undefined, () => 0)).toBe(1_000);
  });
});
