import { buffer } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { type ArchiveFile, makeArchive } from "./archive.ts";

const SIZE = 40_000;

/** Documents, two thousand if nothing else is said, and how many of them were asked for. */
function record(count = 2_000, size = SIZE) {
  const state = { opened: 0 };
  const files = Array.from(
    { length: count },
    (_, index): ArchiveFile => ({
      path: `${index}.pdf`,
      at: new Date(0),
      size,
      open: async () => {
        state.opened += 1;
        return Buffer.alloc(size, index % 256);
      },
    }),
  );
  return { state, archive: makeArchive(files) };
}

test("R171 a copy of two thousand documents holds a few of them at a time, however slowly it is read", async () => {
  const { state, archive } = record();
  let read = 0;
  let ahead = 0;
  for await (const chunk of archive.stream) {
    read += (chunk as Buffer).length;
    ahead = Math.max(ahead, state.opened - read / SIZE);
  }
  expect(read).toBe(archive.size);
  expect(state.opened).toBe(2_000);
  expect(ahead).toBeLessThan(8);
});

test("R171 the size told before the first byte is the size, and the archive opens, for any number of documents", async () => {
  for (const count of [0, 1, 499, 500, 501, 700, 900, 1_200]) {
    const { archive } = record(count, 10);
    const bytes = await buffer(archive.stream);
    expect(bytes.length, `${count}`).toBe(archive.size);
    expect(Object.keys(unzipSync(bytes)), `${count}`).toHaveLength(count);
  }
});

test("R171 no further document is opened for who stops listening in the middle", async () => {
  const { state, archive } = record();
  let read = 0;
  for await (const chunk of archive.stream) {
    read += (chunk as Buffer).length;
    // Leaving the loop destroys the stream, as a connection that closes does.
    if (read > 20 * SIZE) break;
  }
  const { opened } = state;
  for (let round = 0; round < 50; round += 1) await turn();
  expect(state.opened - opened).toBeLessThan(2);
  expect(state.opened).toBeLessThan(30);
});
