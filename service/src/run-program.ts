import type { CarnetService } from "./create-service.ts";
import { StartRefused } from "./start-refused.ts";
import { unforeseenInWords } from "./unforeseen.ts";

/** What a program adds to the service before it listens: pages, fictitious patients. */
export interface Program {
  readonly create: () => Promise<CarnetService>;
  readonly prepare?: (service: CarnetService) => Promise<void>;
}

/**
 * The service as a program. Standard output carries exactly one line, `ready http://…`; the rest goes to standard error.
 * `SIGTERM` and `SIGINT` end it politely (exit code 0). What keeps it from starting is said in one line (exit code 1). What
 * nobody foresaw ends it too (exit code 1), and is told without its message, in which a database quotes values.
 */
export async function runProgram({ create, prepare }: Program): Promise<void> {
  // Left to Node.js, the whole error would be printed, values and all.
  process.on("uncaughtException", (error) => endWith("ended", error));
  let service: CarnetService | undefined;
  try {
    service = await create();
    stopOnSignal(service);
    await prepare?.(service);
    process.stdout.write(`ready ${await service.listen()}\n`);
  } catch (error) {
    if (!(error instanceof StartRefused)) return endWith("cannot start", error);
    process.stderr.write(`cannot start: ${error.message}\n`);
    process.exitCode = 1;
    await service?.close();
  }
}

function endWith(what: string, error: unknown): never {
  process.stderr.write(`${what}: ${unforeseenInWords(error)}`);
  process.exit(1);
}

function stopOnSignal(service: CarnetService): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    service.close().then(
      () => process.exit(0),
      (error: unknown) => endWith("could not stop cleanly", error),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
