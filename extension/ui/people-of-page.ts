import type { IdentityTraits } from "@carnet/sdk/identity";
import type { PageContext } from "../capture/page-context.ts";
import { traitsOfAdapted } from "../identify/page-traits.ts";
import type { ReaderPort } from "./panel-ports.ts";

/** Who the page shows: by its adapter, else by its words. */
export async function peopleOf(
  page: PageContext,
  reader: Pick<ReaderPort, "identities">,
): Promise<readonly IdentityTraits[]> {
  const adapted = traitsOfAdapted(page.adapted);
  if (adapted !== undefined) return [adapted];
  if (page.text.trim() === "") return [];
  return (await reader.identities(page.text)).map(({ traits }) => traits);
}

/** The page shows the same people at the same address as when it was read. */
export async function isSamePage(
  now: PageContext,
  then: PageContext | undefined,
  reader: Pick<ReaderPort, "identities">,
): Promise<boolean> {
  if (then === undefined || now.address !== then.address) return false;
  return JSON.stringify(await peopleOf(now, reader)) === JSON.stringify(await peopleOf(then, reader));
}
