import { examine } from "../doctor.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import type { CommandContext } from "./context.ts";

export async function doctorCommand(context: CommandContext, ins: string | undefined): Promise<ExitCode> {
  const { io, strings, output } = context;
  const findings = await examine(await context.settings(), ins && (await context.ins(ins)), io, strings);
  const words = { ok: strings.doctorOk, bad: strings.doctorBad, skipped: strings.doctorSkipped };
  const rows = findings.map(({ check, result, found }) => {
    const { name, advice } = strings.doctor[check];
    const isHelped = result === "bad" || (result === "skipped" && found === "");
    return {
      json: { check, result, ...(found ? { found } : {}), ...(isHelped ? { advice } : {}) },
      cells: [name, words[result], [found, isHelped ? `→ ${advice}` : ""].filter(Boolean).join(" ")],
    };
  });
  const { what, state } = strings.columns;
  output.list([what, state, ""], rows, strings.nothing);
  return findings.some(({ result }) => result === "bad") ? exitCode.unwell : exitCode.done;
}
