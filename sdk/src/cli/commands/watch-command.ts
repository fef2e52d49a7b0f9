import { mkdir } from "node:fs/promises";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { type FeedEvent, feed } from "../feed/feed.ts";
import type { RefusalFacts } from "../feed/refusal.ts";
import { asJson, printable } from "../output.ts";
import { createProgress } from "../progress.ts";
import type { Strings } from "../strings.ts";
import { type CommandContext, numberOf } from "./context.ts";

export interface WatchOptions {
  readonly once?: boolean;
  readonly parallel?: string;
  readonly settle?: string;
  readonly interval?: string;
  readonly patience?: string;
}

/** Feeds from the folder until a signal; with `--once`, until it holds nothing more to do. */
export async function watchCommand(context: CommandContext, folder: string, options: WatchOptions): Promise<ExitCode> {
  const { io, strings, output } = context;
  const client = await context.client();
  await mkdir(folder, { recursive: true });
  const progress = createProgress(io, strings.feed.progress);
  const seconds = (text: string | undefined, option: string, otherwise: number) =>
    (numberOf(text, option, strings) ?? otherwise) * 1000;
  const tell = (event: FeedEvent) =>
    progress.aside(() =>
      io.stdout.write(`${output.isJson ? jsonOf(event, strings) : textOf(event, folder, strings)}\n`),
    );
  try {
    const { refused } = await feed({
      folder,
      client,
      parallel: Math.max(1, Math.floor(numberOf(options.parallel, "--parallel", strings) ?? 4)),
      settleMs: seconds(options.settle, "--settle", 2),
      intervalMs: Math.max(50, seconds(options.interval, "--interval", 1)),
      patienceMs: seconds(options.patience, "--patience", 600),
      isOnce: options.once === true,
      signal: io.signal,
      explain: (facts) => explanation(facts, strings),
      onEvent: tell,
      onProgress: (done, known) => progress.at(done, known),
    });
    return options.once && refused > 0 ? exitCode.rejected : exitCode.done;
  } finally {
    progress.end();
  }
}

/** Text of `refused/NAME.reason.txt`. */
function explanation(facts: RefusalFacts, strings: Strings): string {
  const fields = (["code", "place", "rule", "error", "requestId"] as const).flatMap((field) =>
    facts[field] ? [`${strings.reasonFields[field]} : ${facts[field]}`] : [],
  );
  return `${[strings.reasonTitle, sentenceOf(facts, strings), "", ...fields, "", strings.reasonNext].join("\n")}\n`;
}

/** What the record says is more exact than "refused by the record". */
function sentenceOf({ code, error }: RefusalFacts, strings: Strings): string {
  const ofRecord = new Map<string, string>(Object.entries(strings.errors));
  return (code === "refused-by-record" && error ? ofRecord.get(error) : undefined) ?? strings.refusals[code];
}

function jsonOf(event: FeedEvent, strings: Strings): string {
  return asJson(event.event === "refused" ? { ...event, message: sentenceOf(event, strings) } : event);
}

function textOf(event: FeedEvent, folder: string, strings: Strings): string {
  const { feed: text } = strings;
  switch (event.event) {
    case "started":
      return text.started(folder, event.unfinished);
    case "sent":
      return text.sent(printable(event.file), event.alreadyInRecord);
    case "refused":
      return text.refused(printable(event.file), sentenceOf(event, strings), event.place ?? "");
    case "waiting":
      return text.waiting(event.reason, Math.ceil(event.retryInMs / 1000));
    case "resumed":
      return text.resumed;
    case "stopped":
      return text.stopped(event.sent, event.refused);
  }
}
