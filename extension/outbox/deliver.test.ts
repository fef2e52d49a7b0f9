import { describe, expect, it } from "vitest";
import { delayBefore } from "./backoff.ts";
import { deliveryOfError, tokenFor } from "./deliver.ts";

describe("what becomes of an attempt", () => {
  it.each(["offline", "timeout", "unavailable", "too-many-requests", "invalid-answer", "never-seen"])(
    "tries again after %s",
    (code) => {
      expect(deliveryOfError({ code }).kind).toBe("later");
    },
  );

  it.each([
    "record-not-found",
    "record-closed",
    "access-refused",
    "identity-mismatch",
    "document-rejected",
    "acknowledgement-required",
    "conflict",
    "cda-malformed",
  ])("tells the person about %s and does not insist", (code) => {
    expect(deliveryOfError({ code, rule: "R59" })).toMatchObject({ kind: "refused", code });
  });

  it("waits for a sign-in after an expired token", () => {
    expect(deliveryOfError({ code: "unauthorised", status: 401 })).toEqual({ kind: "sign-in" });
  });

  it("never drops a document because of something thrown that is no error at all", () => {
    expect(deliveryOfError(undefined)).toEqual({ kind: "later", code: "unknown" });
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
