import type { IdentityTraits } from "@carnet/sdk/identity";
import { type Identity, identityOfTraits, mergeIdentity } from "../facts/identity.ts";

/** Where the panel has the person's traits from. */
interface KnownOf {
  /** What the host tells. */
  readonly told: IdentityTraits | undefined;
  /** The host told it of the former patient, and nothing since. */
  readonly isFormer: boolean;
  /** What the summary says. */
  readonly read: Identity | undefined;
  /** Number of the record that was asked for; there is none for a Bundle. */
  readonly asked: Identity["ins"];
}

/** Who stands in the identity strip. What the host tells of somebody else never stands over this record. */
export function shownIdentity({ told, isFormer, read, asked }: KnownOf): Identity | undefined {
  const traits = told && identityOfTraits(told);
  const whose = (asked ?? read?.ins)?.value;
  // Be it only until the host catches up.
  const isOfAnother = traits?.ins === undefined ? isFormer : whose !== undefined && traits.ins.value !== whose;
  const merged = mergeIdentity(isOfAnother ? undefined : traits, read);
  return merged?.ins !== undefined || asked === undefined ? merged : { ...merged, ins: asked };
}
