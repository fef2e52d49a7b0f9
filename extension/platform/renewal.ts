import { isSignInError, type Session } from "@carnet/sdk/auth";
import { Problem } from "../shared/problem.ts";

/** Milliseconds that a token must still be good for: a deposit takes its time. */
const margin = 30_000;

/** Where the session is kept, and who renews it. */
export interface RenewalPorts<Kept extends { readonly session: Session }> {
  readonly read: () => Promise<Kept | undefined>;
  readonly renew: (session: Session) => Promise<Session>;
  readonly keep: (session: Session, former: Kept) => Promise<void>;
  readonly forget: () => Promise<void>;
}

export interface Renewal<Kept> {
  /** Somebody signs in or out: what is being renewed for whoever was there before is not kept. */
  readonly interrupt: () => void;
  /**
   * Who is signed in, with a token that is good for a while; undefined when the person must sign in.
   * @param refused the token that the service just refused: the workstation's clock may be wrong, or the issuer took it back
   * @throws Problem `service-unreachable` when the issuer cannot be asked: they stay signed in
   */
  readonly fresh: (now: number, refused?: string) => Promise<(Kept & { readonly session: Session }) | undefined>;
}

/** Renews the token of whoever is signed in, once for all who ask meanwhile: issuers take a second use of it for a theft. */
export function createRenewal<Kept extends { readonly session: Session }>(ports: RenewalPorts<Kept>): Renewal<Kept> {
  let turn = 0;
  let renewing: Promise<Kept | undefined> | undefined;

  const renew = async (former: Kept): Promise<Kept | undefined> => {
    const begun = turn;
    try {
      const session = await ports.renew(former.session);
      if (turn !== begun) return undefined;
      await ports.keep(session, former);
      return { ...former, session };
    } catch (cause) {
      if (turn !== begun) return undefined;
      // A network that is away ends nobody's session, nor takes their document from in front of them.
      if (!isSignInError(cause, "sign-in-expired")) throw new Problem("service-unreachable", { cause });
      await ports.forget();
      return undefined;
    }
  };

  return {
    interrupt: () => {
      turn += 1;
      renewing = undefined;
    },
    fresh: async (now, refused) => {
      const kept = await ports.read();
      if (kept === undefined) return undefined;
      const { accessToken, expiresAt, refreshToken } = kept.session;
      const isOver = expiresAt - now <= margin;
      if (!isOver && (accessToken !== refused || refreshToken === undefined)) return kept;
      if (refreshToken === undefined) {
        await ports.forget();
        return undefined;
      }
      if (renewing === undefined) {
        const mine = renew(kept).finally(() => {
          if (renewing === mine) renewing = undefined;
        });
        renewing = mine;
      }
      return renewing;
    },
  };
}
