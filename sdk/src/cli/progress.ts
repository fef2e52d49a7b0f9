import { SingleBar } from "cli-progress";
import type { Io } from "./io.ts";

/** A bar on the terminal; nothing anywhere else. */
export interface Progress {
  at(done: number, total: number | undefined): void;
  /** Takes the bar away while a line is written. */
  aside(write: () => void): void;
  end(): void;
}

export function createProgress({ stderr }: Io, format = "{bar} {percentage} %"): Progress {
  if (stderr.isTTY !== true) return { at: () => undefined, aside: (write) => write(), end: () => undefined };
  const bar = new SingleBar({
    stream: stderr as NodeJS.WriteStream,
    format,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  let isShown = false;
  return {
    at(done, total) {
      if (!total) return;
      if (isShown) bar.setTotal(total);
      else bar.start(total, done);
      isShown = true;
      bar.update(done);
    },
    aside(write) {
      if (isShown) stderr.write("\r\u001b[K");
      write();
    },
    end() {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}
