/** The commands, their words and their options. */
import { Command, CommanderError, Option } from "commander";
import { createCommandContext } from "./commands/context.ts";
import type { ListOptions } from "./commands/read-commands.ts";
import type { WatchOptions } from "./commands/watch-command.ts";
import type { HideOptions } from "./commands/write-commands.ts";
import { type ExitCode, exitCode } from "./exit-codes.ts";
import { failureOf, printedFailure } from "./failure.ts";
import { isCode } from "./feed/durable.ts";
import { type Io, UsageError } from "./io.ts";
import type { CommonOptions } from "./settings.ts";
import { type CommandName, type Strings, stringsFor } from "./strings.ts";
import { version } from "./version.ts";

// A command's modules are loaded when it is asked for: who reads a list does not wait for the reader of documents.
const reading = () => import("./commands/read-commands.ts");
const writing = () => import("./commands/write-commands.ts");
const watching = () => import("./commands/watch-command.ts");
const examining = () => import("./commands/doctor-command.ts");

/**
 * Runs one command line and gives what the shell is told.
 *
 * @example
 * process.exitCode = await run(process.argv.slice(2), io);
 */
export async function run(words: readonly string[], io: Io): Promise<ExitCode> {
  const strings = stringsFor(languageIn(words), io.environment);
  let result: ExitCode = exitCode.done;
  const program = createProgram(strings, io, (code) => {
    result = code;
  });
  try {
    await program.parseAsync(askedHelp(words), { from: "user" });
    return result;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
    if (io.signal.aborted && error === io.signal.reason) return exitCode.interrupted;
    // The reader has all it wants: `carnet list … | head`.
    if (isCode(error, "EPIPE")) return exitCode.done;
    const failure = failureOf(error instanceof CommanderError ? asUsageError(error, strings) : error, strings);
    io.stderr.write(`${printedFailure(failure, words.includes("--json") || io.stderr.isTTY !== true)}\n`);
    return failure.exitCode;
  }
}

function createProgram(strings: Strings, io: Io, ended: (code: ExitCode) => void): Command {
  const titles: Readonly<Record<string, string>> = {
    "Usage:": strings.usage,
    "Options:": strings.options,
    "Commands:": strings.commands,
    "Arguments:": strings.arguments,
  };
  const dress = (command: Command) =>
    command
      .helpOption("-h, --help", strings.help)
      .helpCommand(false)
      .exitOverride()
      .configureHelp({ styleTitle: (title) => titles[title] ?? title })
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        // Said once, in the person's language, by `run`.
        writeErr: () => undefined,
        getOutHelpWidth: () => io.stdout.columns ?? 100,
        getOutHasColors: () => false,
      });
  const program = dress(new Command("carnet"))
    .description(strings.about)
    .version(version, "-V, --version", strings.versionOption)
    .addHelpText("after", `\n${strings.footer}`);

  const { option, argument } = strings;
  const context = (command: Command) => createCommandContext(command.opts<CommonOptions>(), io, strings);
  const add = (name: CommandName) => {
    const command = dress(program.command(name)).description(strings.command[name]);
    return command;
  };
  /** Last, so that a command's own options are read first. */
  const withCommon = (command: Command) =>
    command
      .option("--url <url>", option.url)
      .option("--config <file>", option.config)
      .option("--issuer <url>", option.issuer)
      .option("--client-id <id>", option.clientId)
      .option("--key-file <file>", option.keyFile)
      .option("--token-file <file>", option.tokenFile)
      .option("--sign-in", option.signIn)
      .option("--sign-in-port <port>", option.signInPort)
      .addOption(new Option("--purpose <mode>", option.purpose))
      .option("--reason <text>", option.reason)
      .option("--json", option.json)
      .option("--lang <lang>", option.lang);

  withCommon(add("status").argument("<ins>", argument.ins)).action(async (ins: string, _: object, command: Command) =>
    (await reading()).statusCommand(context(command), ins),
  );

  withCommon(
    add("list")
      .argument("<ins>", argument.ins)
      .option("--type <code>", option.type)
      .option("--category <code>", option.category)
      .option("--from <date>", option.from)
      .option("--to <date>", option.to)
      .option("--all", option.all)
      .option("--limit <n>", option.limit),
  ).action(async (ins: string, options: ListOptions, command: Command) =>
    (await reading()).listCommand(context(command), ins, options),
  );

  withCommon(
    add("read")
      .argument("<ins>", argument.ins)
      .argument("<document>", argument.document)
      .option("-o, --output <file>", option.output),
  ).action(async (ins: string, document: string, options: { output?: string }, command: Command) =>
    (await reading()).readCommand(context(command), ins, document, options.output),
  );

  withCommon(
    add("deposit")
      .argument("<ins>", argument.ins)
      .argument("<file>", argument.file)
      .option("--side <file>", option.side),
  ).action(async (ins: string, file: string, { side }: { side?: string }, command: Command) =>
    (await writing()).depositCommand(context(command), ins, file, side === undefined ? {} : { side }),
  );

  withCommon(
    add("replace")
      .argument("<ins>", argument.ins)
      .argument("<former>", argument.former)
      .argument("<file>", argument.file)
      .option("--side <file>", option.side),
  ).action(async (ins: string, former: string, file: string, { side }: { side?: string }, command: Command) =>
    (await writing()).depositCommand(context(command), ins, file, { former, ...(side === undefined ? {} : { side }) }),
  );

  withCommon(
    add("hide")
      .argument("<ins>", argument.ins)
      .argument("<document>", argument.document)
      .option("--patient", option.patient)
      .option("--representatives", option.representatives)
      .option("--show", option.show),
  ).action(async (ins: string, document: string, options: HideOptions, command: Command) =>
    (await writing()).hideCommand(context(command), ins, document, options),
  );

  withCommon(add("summary").argument("<ins>", argument.ins).option("-o, --output <file>", option.output)).action(
    async (ins: string, options: { output?: string }, command: Command) =>
      (await reading()).summaryCommand(context(command), ins, options.output),
  );

  withCommon(add("changes").argument("<ins>", argument.ins).option("--cursor-file <file>", option.cursorFile)).action(
    async (ins: string, options: { cursorFile?: string }, command: Command) =>
      (await reading()).changesCommand(context(command), ins, options.cursorFile),
  );

  withCommon(add("export").argument("<ins>", argument.ins).option("-o, --output <file>", option.output)).action(
    async (ins: string, options: { output?: string }, command: Command) =>
      (await reading()).exportCommand(context(command), ins, options.output),
  );

  withCommon(
    add("log").argument("<ins>", argument.ins).option("--from <date>", option.from).option("--to <date>", option.to),
  ).action(async (ins: string, { from, to }: { from?: string; to?: string }, command: Command) =>
    (await reading()).logCommand(context(command), ins, { ...(from ? { from } : {}), ...(to ? { to } : {}) }),
  );

  withCommon(
    add("watch")
      .argument("<folder>", argument.folder)
      .option("--once", option.once)
      .option("--parallel <n>", option.parallel)
      .option("--settle <s>", option.settle)
      .option("--interval <s>", option.interval)
      .option("--patience <s>", option.patience),
  ).action(async (folder: string, options: WatchOptions, command: Command) =>
    ended(await (await watching()).watchCommand(context(command), folder, options)),
  );

  withCommon(add("doctor").option("--ins <ins>", option.ins)).action(
    async ({ ins }: { ins?: string }, command: Command) =>
      ended(await (await examining()).doctorCommand(context(command), ins)),
  );
  return program;
}

/** `carnet help`, `carnet help list`: what hands type by habit. */
function askedHelp(words: readonly string[]): string[] {
  const [first, ...rest] = words;
  if (first !== "help") return [...words];
  const isNamed = rest[0] !== undefined && !rest[0].startsWith("-");
  return isNamed ? [rest[0] ?? "", "--help", ...rest.slice(1)] : ["--help", ...rest];
}

/** `--lang en` must be known before the help is written. */
function languageIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  return at < 0 ? undefined : words[at] === "--lang" ? words[at + 1] : words[at]?.slice("--lang=".length);
}

/** The library's complaint in the person's language, with the word that it is about. */
function asUsageError(error: CommanderError, strings: Strings): UsageError {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const what: Readonly<Record<string, string>> = {
    "commander.unknownOption": strings.wrong.option,
    "commander.unknownCommand": strings.wrong.command,
    "commander.missingArgument": strings.wrong.argument,
    "commander.excessArguments": strings.wrong.excess,
    "commander.optionMissingArgument": strings.wrong.value,
  };
  const isNamed = error.code !== "commander.excessArguments";
  return new UsageError(strings.badWords(what[error.code] ?? strings.wrong.other, isNamed ? word : ""));
}
