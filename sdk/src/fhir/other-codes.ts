/**
 * `true` for a code that French documents put where none fits, and which names nothing: R69 of CIM-10 ("causes inconnues"),
 * GEN-092 ("autre"), Intervention (NCIT). What is meant stands in words; two facts that share one are not one fact.
 */
export function namesNothing(code = ""): boolean {
  return /^(R69|C25218|GEN-092(\..*)?)$/.test(code);
}
