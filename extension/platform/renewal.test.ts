import { type Session, SignInError } from "@carnet/sdk/auth";
import { describe, expect, it } from "vitest";
import { createRenewal } from "./renewal.ts";

const sessionOf = (accessToken: string, expiresAt: number): Session => ({
  accessToken,
  expiresAt,
  refreshToken: `refresh-${accessToken}`,
  claims: {},
});

/** A workstation whose issuer answers when the test says so. */
function workstation(expiresAt = 1_000) {
  type Kept = { readonly session: Session; readonly owner: string };
  const seen = {
    kept: { session: sessionOf("first", expiresAt), owner: "dr-leroy" } as Kept | undefined,
    asked: 0,
    answer: (_outcome: Session | Error): void => undefined,
  };
  const renewal = createRenewal<Kept>({
    read: async () => seen.kept,
    renew: () =>
      new Promise((resolve, reject) => {
        seen.asked += 1;
        seen.answer = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      }),
    keep: async (session, { owner }) => {
      seen.kept = { session, owner };
    },
    forget: async () => {
      seen.kept = undefined;
    },
  });
  /** Asks, and waits until the issuer is asked. */
  const ask = async () => {
    const answered = renewal.fresh(1_000);
    await Promise.resolve();
    await Promise.resolve();
    return { answered };
  };
  return { seen, renewal, ask };
}

describe("a token about to expire", () => {
  it("is renewed once for all who ask meanwhile", async () => {
    const { seen, ask } = workstation();
    const [one, other] = [await ask(), await ask()];
    seen.answer(sessionOf("second", 900_000));
    expect((await one.answered)?.session.accessToken).toBe("second");
    expect((await other.answered)?.session.accessToken).toBe("second");
    expect(seen.asked).toBe(1);
    expect(seen.kept?.session.accessToken).toBe("second");
  });

  it("is renewed half a minute before its time, as a deposit takes its own, and not sooner", async () => {
    const early = workstation(31_001);
    expect((await early.renewal.fresh(1_000))?.session.accessToken).toBe("first");
    expect(early.seen.asked).toBe(0);
    const { seen, ask } = workstation(31_000);
    const { answered } = await ask();
    expect(seen.asked).toBe(1);
    seen.answer(sessionOf("second", 900_000));
    expect((await answered)?.session.accessToken).toBe("second");
  });

  it("ends the session when nothing was given to renew it by", async () => {
    const { seen, renewal } = workstation();
    const { refreshToken: _none, ...session } = sessionOf("first", 1_000);
    seen.kept = { session, owner: "dr-leroy" };
    expect(await renewal.fresh(1_000)).toBeUndefined();
    expect(seen.kept).toBeUndefined();
    expect(seen.asked).toBe(0);
  });

  it("signs nobody in again who signed out while the issuer answered", async () => {
    const { seen, renewal, ask } = workstation();
    const { answered } = await ask();
    renewal.interrupt();
    seen.kept = undefined;
    seen.answer(sessionOf("second", 900_000));
    expect(await answered).toBeUndefined();
    expect(seen.kept).toBeUndefined();
  });

  it("does not take the place of somebody else who signed in meanwhile", async () => {
    const { seen, renewal, ask } = workstation();
    const { answered } = await ask();
    renewal.interrupt();
    seen.kept = { session: sessionOf("theirs", 900_000), owner: "dr-martin" };
    seen.answer(new SignInError("sign-in-expired"));
    expect(await answered).toBeUndefined();
    expect(seen.kept?.owner).toBe("dr-martin");
    expect((await renewal.fresh(1_000))?.session.accessToken).toBe("theirs");
  });

  it("leaves the person signed in while the issuer cannot be asked, and is renewed once it can", async () => {
    const { seen, ask } = workstation();
    for (const fault of [new SignInError("issuer-unreachable"), new SignInError("sign-in-failed")]) {
      const { answered } = await ask();
      seen.answer(fault);
      await expect(answered).rejects.toMatchObject({ code: "service-unreachable" });
      expect(seen.kept?.owner).toBe("dr-leroy");
    }
    const { answered } = await ask();
    seen.answer(sessionOf("second", 900_000));
    expect((await answered)?.session.accessToken).toBe("second");
  });

  it("is renewed before its time when the service refuses it, and not when that was a former one", async () => {
    const { seen, renewal } = workstation(900_000);
    expect((await renewal.fresh(1_000, "former"))?.session.accessToken).toBe("first");
    const answered = renewal.fresh(1_000, "first");
    await expect.poll(() => seen.asked).toBe(1);
    seen.answer(sessionOf("second", 900_000));
    expect((await answered)?.session.accessToken).toBe("second");
    expect((await renewal.fresh(1_000, "first"))?.session.accessToken).toBe("second");
    expect(seen.asked).toBe(1);
  });

  it("ends the session when the issuer says that it is over", async () => {
    const { seen, ask } = workstation();
    const { answered } = await ask();
    seen.answer(new SignInError("sign-in-expired"));
    expect(await answered).toBeUndefined();
    expect(seen.kept).toBeUndefined();
  });
});
