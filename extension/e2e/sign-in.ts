import type { ChromiumWithExtension } from "./drive-chromium.ts";
import { openPanelAsTab } from "./drive-chromium.ts";

/** The signed-in professional of the tests. */
export const drLeroy = {
  kind: "professional",
  name: "Dr Paul LEROY",
  rpps: "810000000019",
  profession: "10",
  specialty: "SM04",
  structure: {
    id: "1750000018",
    name: "Centre hospitalier des essais",
    facilityType: "SA01",
    practiceSetting: "ETABLISSEMENT",
  },
} as const;

/** What the session memory holds after a sign-in; for tests whose subject is not the sign-in itself. */
export function sessionOf(serviceUrl: string, owner = "dr-leroy", accessToken = "e2e-token") {
  return {
    session: { accessToken, expiresAt: Date.now() + 3_600_000, claims: { sub: owner } },
    owner,
    sender: drLeroy,
    serviceUrl,
  };
}

/** Put a session in the extension's memory through one of its own pages. */
export async function signInDirectly(driven: ChromiumWithExtension, serviceUrl: string, owner?: string): Promise<void> {
  const page = await openPanelAsTab(driven);
  await page.evaluate(
    (session) =>
      (
        globalThis as unknown as { chrome: { storage: { session: { set(v: object): Promise<void> } } } }
      ).chrome.storage.session.set({
        session,
      }),
    sessionOf(serviceUrl, owner),
  );
  await page.close();
}
