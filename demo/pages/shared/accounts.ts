/** The fictitious accounts, as `/demo/accounts.json` lists them. */
import * as v from "valibot";

const accountSchema = v.object({
  id: v.string(),
  kind: v.picklist(["patient", "professional", "establishment"]),
  name: v.string(),
  ins: v.optional(v.object({ system: v.string(), value: v.string() })),
});

export type Account = v.InferOutput<typeof accountSchema>;

export async function fetchAccounts(signal?: AbortSignal): Promise<readonly Account[]> {
  const response = await fetch("/demo/accounts.json", { ...(signal && { signal }) });
  if (!response.ok) throw new Error(`accounts: ${response.status}`);
  return v.parse(v.array(accountSchema), await response.json());
}
