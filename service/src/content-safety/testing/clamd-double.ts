/** What clamd says on the wire, on a local port: it reads INSTREAM as the manual describes it and knows the EICAR file only. */

import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** The harmless file of EICAR, in two halves: a scanner of this folder need not worry. */
export const eicar = Buffer.from(
  ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""),
  "latin1",
);

export interface ClamdDouble {
  readonly url: string;
  /** `hang`: takes the connection and says nothing; `full`: answers as clamd does over its size limit. */
  behaviour: "scan" | "hang" | "full";
  /** Keeps back its next answer. @returns once it is due; `answer` then gives it */
  holdNext(): Promise<{ readonly answer: () => void }>;
  /** Bytes of the last document, as they arrived. */
  received: Buffer;
  close(): Promise<void>;
}

export async function startClamdDouble(socketPath?: string): Promise<ClamdDouble> {
  const sockets = new Set<Socket>();
  const due: ((answer: () => void) => void)[] = [];
  const double: ClamdDouble = {
    url: "",
    behaviour: "scan",
    received: Buffer.alloc(0),
    holdNext: () => new Promise((resolve) => due.push((answer) => resolve({ answer }))),
    close: async () => undefined,
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    let read = Buffer.alloc(0);
    socket.on("data", (part: Buffer) => {
      read = Buffer.concat([read, part]);
      if (double.behaviour === "hang") return;
      const answer = answerTo(read, double);
      if (!answer) return;
      const held = due.shift();
      if (held) held(() => socket.end(answer));
      else socket.end(answer);
    });
  });
  await new Promise<void>((resolve) => {
    if (socketPath) server.listen(socketPath, resolve);
    else server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = socketPath ? { port: 0 } : (server.address() as AddressInfo);
  return Object.assign(double, {
    url: socketPath ? `unix://${socketPath}` : `tcp://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
}

/** @returns undefined while the command is not whole */
function answerTo(held: Buffer, double: ClamdDouble): string | undefined {
  const end = held.indexOf(0);
  const command = held.toString("latin1", 0, end);
  if (end < 0) return undefined;
  if (command === "zPING") return "PONG\0";
  if (command !== "zINSTREAM") return "UNKNOWN COMMAND\0";
  if (double.behaviour === "full") return "INSTREAM size limit exceeded. ERROR\0";
  const chunks: Buffer[] = [];
  for (let at = end + 1; at + 4 <= held.length; ) {
    const length = held.readUInt32BE(at);
    if (length === 0) {
      double.received = Buffer.concat(chunks);
      return double.received.includes(eicar) ? "stream: Eicar-Test-Signature FOUND\0" : "stream: OK\0";
    }
    if (at + 4 + length > held.length) return undefined;
    chunks.push(held.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
