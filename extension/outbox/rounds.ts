/**
 * Have `round` run one at a time: whoever asks while one runs is given another after it, and is answered when that one ends.
 * What they saw to be done may have come after the running one had looked.
 */
export function inRounds(round: () => Promise<void>): () => Promise<void> {
  let isAsked = false;
  let running: Promise<void> | undefined;

  const run = async () => {
    try {
      while (isAsked) {
        isAsked = false;
        await round();
      }
    } finally {
      // In the same turn as the last look: nobody can ask in between and be forgotten.
      running = undefined;
    }
  };

  return () => {
    isAsked = true;
    running ??= run();
    return running;
  };
}
