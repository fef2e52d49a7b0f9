import type { CarnetClient } from "../../client/connect.ts";
import { connect } from "../../client/connect.ts";
import type { RecordHandle } from "../../client/record-handle.ts";
import { openAccess } from "../access.ts";
import { type Io, UsageError } from "../io.ts";
import { createOutput, type Output } from "../output.ts";
import { type CommonOptions, readSettings, type Settings } from "../settings.ts";
import { localeOf, type Strings } from "../strings.ts";

/** What a command works with. */
export interface CommandContext {
  readonly io: Io;
  readonly strings: Strings;
  readonly output: Output;
  readonly options: CommonOptions;
  settings(): Promise<Settings>;
  client(): Promise<CarnetClient>;
  /** The INS given, or the one on standard input for `-`. */
  ins(given: string): Promise<string>;
  /** The record of the INS given, or of the one on standard input for `-`. */
  record(ins: string): Promise<RecordHandle>;
}

export function createCommandContext(options: CommonOptions, io: Io, strings: Strings): CommandContext {
  const settings = () => readSettings(options, io, strings);
  const client = async () => {
    const known = await settings();
    const { url, sourceId, purposeOfUse, reason } = known;
    const accessToken = await openAccess(known, io, strings);
    const locale = localeOf(options.lang, io.environment);
    return connect({ baseUrl: url, accessToken, sourceId, purposeOfUse, reason, locale });
  };
  const ins = async (given: string) => (given === "-" ? firstLine(io) : given);
  return {
    io,
    strings,
    options,
    output: createOutput(io, options.json === true),
    settings,
    client,
    ins,
    record: async (given) => (await client()).record(await ins(given)),
  };
}

async function firstLine({ stdin }: Io): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0]?.trim() ?? "";
}

/** A day, or an instant, of the command line. @throws UsageError */
export function dayOf(text: string, option: string, strings: Strings): string {
  if (!/^\d{4}(-\d{2}(-\d{2}(T.+)?)?)?$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new UsageError(strings.badDay(option));
  }
  return text;
}

/** A number of the command line. @throws UsageError */
export function numberOf(text: string | undefined, option: string, strings: Strings): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new UsageError(strings.badNumber(option));
  return value;
}
