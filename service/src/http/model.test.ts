/**
 * R50 to R152 as one law: whatever random people do, no answer tells anybody of a document that the model denies them,
 * and what it grants them is there. `MODEL_RUNS=2000` makes it long (`npm run test:long`), `MODEL_SEED` another one, and
 * `MODEL_SHRINK=1` looks for the shortest walk that fails.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { walks } from "../testing/model/moves.ts";
import { Walk } from "../testing/model/walk.ts";
import type { Seen } from "../testing/model/watched-carnet.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

const runs = Number(process.env.MODEL_RUNS ?? 8);
const seed = Number(process.env.MODEL_SEED ?? 20_261_128);
const LENGTH = 50;

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

test(`${runs} random walks of ${LENGTH} acts: nobody learns of a document that the rules deny them`, {
  timeout: 7_200_000,
}, async () => {
  const seen: Seen = { granted: new Map(), documents: 0 };
  let done = 0;
  await fc.assert(
    fc.asyncProperty(walks(LENGTH), async (moves) => {
      const walk = await Walk.begin(carnet, seen);
      try {
        for (const move of moves) await walk.make(move);
      } finally {
        walk.end();
      }
      done += 1;
      if (done % 50 === 0) console.log(`${done} of ${runs} walks, ${seen.documents} documents seen`);
    }),
    { numRuns: runs, seed, endOnFailure: process.env.MODEL_SHRINK === undefined },
  );
  if (runs >= 50) console.log(`granted: ${JSON.stringify(Object.fromEntries([...seen.granted].sort()))}`);
  // A walk in which nobody ever saw anything would prove nothing.
  expect(seen.documents).toBeGreaterThan(runs * 2);
  const granted = (...names: readonly string[]) => names.reduce((sum, name) => sum + (seen.granted.get(name) ?? 0), 0);
  expect(granted("search", "search a page", "summary")).toBeGreaterThan(0);
  expect(granted("metadata", "content", "search by uniqueId")).toBeGreaterThan(0);
});
