import type { IdentityTraits } from "@carnet/sdk/identity";
import type { Adapter } from "../adapters/adapter.ts";
import type { PageReading } from "../adapters/tool-page.ts";
import { traitsOfAdapted } from "../identify/page-traits.ts";

export type TraitName = keyof Adapter["identity"];

export const traitNames: readonly TraitName[] = ["birthName", "usedName", "givenName", "birthDate", "sex", "ins"];

/** What one place gave on the page: the trait, or the words that are none, or why there is nothing. */
export type Finding =
  | { readonly state: "read"; readonly traits: IdentityTraits }
  | { readonly state: "unread"; readonly text: string }
  | { readonly state: "empty" | "missing" | "invalid" }
  | { readonly state: "several"; readonly count: number };

/** A trait of an adapter's page as the capture takes it: found once, and being what it should be. */
export function findingOf(name: TraitName, reading: PageReading): Finding {
  const count = reading.counts[name] ?? 0;
  if (count < 0) return { state: "invalid" };
  if (count === 0) return { state: "missing" };
  if (count > 1) return { state: "several", count };
  const text = reading.adapted[name] ?? "";
  if (text === "") return { state: "empty" };
  const traits = traitsOfAdapted({ [name]: text });
  return traits === undefined ? { state: "unread", text } : { state: "read", traits };
}

/** Is this text such a trait? */
export const isTrait = (name: TraitName) => (text: string) => traitsOfAdapted({ [name]: text }) !== undefined;

/** The adapter with this place for a trait, or without one when it is emptied. */
export function withPlace(adapter: Adapter, name: TraitName, place: string): Adapter {
  const { [name]: _, ...others } = adapter.identity;
  return { ...adapter, identity: place === "" ? others : { ...others, [name]: place } };
}
