/** The fictitious accounts, as `/demo/accounts.json` lists them. */
import * as v from "valibot";

const accountSchema = v.object({
  id: v.string(),
  kind: v.picklist(["patient", "professional", "establishment"]),
  name: v.string(),
  ins: v.optional(v.object({ system: v.string(), value: v.string() })),
  rpps: v.optional(v.string()),
  person: v.optional(
    v.object({
      family: v.string(),
      given: v.string(),
      prefix: v.optional(v.string()),
      suffix: v.optional(v.string()),
    }),
  ),
  profession: v.optional(v.string()),
  specialty: v.optional(v.string()),
  structure: v.optional(
    v.object({ id: v.string(), name: v.string(), facilityType: v.string(), practiceSetting: v.string() }),
  ),
});

export type Account = v.InferOutput<typeof accountSchema>;

export async function fetchAccounts(signal?: AbortSignal): Promise<readonly Account[]> {
  const response = await fetch("/demo/accounts.json", { ...(signal && { signal }) });
  if (!response.ok) throw new Error(`accounts: ${response.status}`);
  return v.parse(v.array(accountSchema), await response.json());
}
