/** A bad line between the SDK and the service: it drops, delays, cuts, repeats and refuses, by a seed that can be given again. */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";

export const faults = [
  "none",
  /** The request never arrives. */
  "drop-request",
  /** The request arrives, the answer does not. */
  "drop-answer",
  /** Half of the request arrives. */
  "half-request",
  /** Half of the answer arrives. */
  "half-answer",
  "delay",
  /** The request arrives twice at once; one answer comes back. */
  "duplicate",
  "too-many-requests",
  "unavailable",
] as const;
export type Fault = (typeof faults)[number];

export interface FaultProxy {
  readonly origin: string;
  /** How often each fault came. */
  readonly counts: Readonly<Record<Fault, number>>;
  /** No fault from now on. */
  calm(): void;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  readonly target: string;
  readonly seed: number;
  /** Share of requests that something happens to, 0 to 1. */
  readonly rate: number;
  /** How far the clock of all answers is off, in milliseconds. */
  readonly skewMs: number;
}

/** Deterministic numbers in [0, 1) (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const random = createRandom(options.seed);
  const counts = Object.fromEntries(faults.map((fault) => [fault, 0])) as Record<Fault, number>;
  let isCalm = false;

  /** Faults are dealt like cards: each comes once before any comes again, so that a short run meets all of them. */
  let deck: Fault[] = [];
  const draw = (): Fault => {
    if (isCalm || random() >= options.rate) return "none";
    if (deck.length === 0) deck = faults.slice(1);
    return deck.splice(Math.floor(random() * deck.length), 1)[0] ?? "none";
  };

  let origin = "";
  /** The service names its own address in pages and contents: here it is behind the line. */
  const renamed = (headers: IncomingMessage["headers"], body: Buffer): Buffer =>
    /json/.test(headers["content-type"] ?? "")
      ? Buffer.from(body.toString("utf8").replaceAll(options.target, origin))
      : body;

  const forward = (incoming: IncomingMessage, body: Buffer, cutAt?: number): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...headers } = incoming.headers;
      delete headers["transfer-encoding"];
      const target = new URL(incoming.url ?? "/", options.target);
      const method = incoming.method ?? "GET";
      const length = body.length > 0 ? { "content-length": String(body.length) } : {};
      // A connection of its own each time: one kept open and closed by the service meanwhile would be a fault nobody dealt.
      const outgoing = send(target, { method, agent: false, headers: { ...headers, ...length } }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 502,
            headers: answer.headers,
            body: renamed(answer.headers, Buffer.concat(chunks)),
          }),
        );
      });
      outgoing.on("error", reject);
      if (cutAt === undefined) outgoing.end(body);
      else if (cutAt === 0) outgoing.destroy();
      else outgoing.write(body.subarray(0, cutAt), () => outgoing.destroy());
    });

  const date = (offsetMs = 0) => new Date(Date.now() + options.skewMs + offsetMs).toUTCString();
  const refuse = (response: ServerResponse, status: number, retryAfter: string | undefined) => {
    response.sendDate = false;
    response.writeHead(status, { date: date(), ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }) });
    response.end();
  };

  async function pass(incoming: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const fault = draw();
    counts[fault]++;
    switch (fault) {
      case "drop-request":
        incoming.socket.destroy();
        return;
      case "half-request":
        await forward(incoming, body, Math.floor(body.length / 2)).catch(() => undefined);
        incoming.socket.destroy();
        return;
      case "too-many-requests":
        return refuse(response, 429, "0");
      case "unavailable":
        // In seconds, as a date by a clock that is off, or nothing at all.
        return refuse(response, 503, [undefined, "0", date(-1_000)][Math.floor(random() * 3)]);
      case "delay":
        await new Promise((resolve) => setTimeout(resolve, 5 + random() * 40));
    }
    const answers =
      fault === "duplicate" ? [forward(incoming, body), forward(incoming, body)] : [forward(incoming, body)];
    const answer = (await Promise.all(answers))[0] as Answer;
    if (fault === "drop-answer") {
      incoming.socket.destroy();
      return;
    }
    const { "transfer-encoding": _chunked, connection: _connection, "keep-alive": _alive, ...headers } = answer.headers;
    response.sendDate = false;
    response.writeHead(answer.status, { ...headers, date: date(), "content-length": String(answer.body.length) });
    if (fault === "half-answer" && answer.body.length > 1) {
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => incoming.socket.destroy());
    } else response.end(answer.body);
  }

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    // Whoever leaves in the middle is no concern of the line.
    incoming.on("error", () => {});
    incoming.on("end", () => {
      pass(incoming, response, Buffer.concat(chunks)).catch(() => incoming.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    counts,
    calm: () => {
      isCalm = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
