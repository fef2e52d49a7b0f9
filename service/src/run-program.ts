import type { CarnetService } from "./create-service.ts";
import { StartRefused } from "./start-refused.ts";

/** What a program adds to the service before it listens: pages, fictitious patients. */
export interface Program {
  readonly create: () => Promise<CarnetService>;
  readonly prepare?: (service: CarnetService) => Promise<void>;
}

/**
 * The service as a program. Standard output carries exactly one line, `ready http://…`; the rest goes to standard error.
 * `SIGTERM` and `SIGINT` end it politely (exit code 0). What keeps it from starting is said in one line (exit code 1).
 */
export async function runProgram({ create, prepare }: Program): Promise<void> {
  let service: CarnetService | undefined;
  try {
    service = await create();
    stopOnSignal(service);
    await prepare?.(service);
    process.stdout.write(`ready ${await service.listen()}\n`);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    process.stderr.write(`cannot start: ${error.message}\n`);
    process.exitCode = 1;
    await service?.close();
  }
}

function stopOnSignal(service: CarnetService): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`could not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
