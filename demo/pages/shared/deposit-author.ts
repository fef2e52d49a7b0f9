import type { DepositAuthor } from "@carnet/widget";
import type { Account } from "./accounts.ts";

/**
 * Who deposits, as the panel writes it into a document's header: what a practice software knows of the professional who
 * signed in. `undefined` for an account that is no professional: the panel then only takes documents that have a header.
 */
export function depositAuthorOf(account: Account | undefined): DepositAuthor | undefined {
  if (!account?.rpps || !account.person || !account.profession || !account.structure) return undefined;
  const { family, given, prefix, suffix } = account.person;
  return {
    rpps: account.rpps,
    family,
    given,
    ...(prefix && { prefix }),
    ...(suffix && { suffix }),
    profession: `G15_${account.profession}`,
    ...(account.specialty && { specialty: account.specialty }),
    organization: account.structure,
  };
}
