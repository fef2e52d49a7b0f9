import { connect, createServer, type Socket } from "node:net";

/** Where the next deposit loses its line: at this part (0 to 1) of the request's bytes, or of the answer's. */
export interface Cut {
  readonly side: "request" | "answer";
  readonly part: number;
}

/** A line to a service, as a proxy on TCP: it carries bytes and reads none but the heads of messages. */
export interface Line {
  readonly url: string;
  /** Asked at every deposit; undefined lets it through. */
  nextCut: () => Cut | undefined;
  /** Deposits that lost their line, by side. */
  readonly cuts: Record<Cut["side"], number>;
  close(): Promise<void>;
}

/** Lay a line to this service, whose every deposit (POST) can be cut at any byte. Other requests are carried whole. */
export async function layLine(serviceUrl: string): Promise<Line> {
  const port = Number(new URL(serviceUrl).port);
  const sockets = new Set<Socket>();
  const line = { nextCut: (): Cut | undefined => undefined, cuts: { request: 0, answer: 0 } };

  const server = createServer((client) => {
    const service = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [client, service],
      [service, client],
    ] as const) {
      sockets.add(socket);
      // An end that goes away takes the other with it; how it went is nobody's business here.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    let cut: Cut | undefined;
    const carried = { request: new Passage(), answer: new Passage() };
    const carry = (side: Cut["side"], bytes: Buffer, to: Socket) => {
      const { from, length } = carried[side].take(bytes);
      const at = cut?.side === side && length !== undefined ? Math.floor(cut.part * length) : Number.POSITIVE_INFINITY;
      if (from + bytes.length <= at) {
        to.write(bytes);
        return;
      }
      cut = undefined;
      line.cuts[side] += 1;
      // What went before is delivered: the other end has read it when it loses the line.
      to.write(bytes.subarray(0, at - from), () => {
        client.destroy();
        service.destroy();
      });
    };
    client.on("data", (bytes) => {
      if (carried.request.isOver) {
        carried.request = new Passage();
        carried.answer = new Passage();
        cut = bytes.toString("latin1", 0, 5) === "POST " ? line.nextCut() : undefined;
      }
      carry("request", bytes, service);
    });
    service.on("data", (bytes) => carry("answer", bytes, client));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return Object.assign(line, {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

/** One message of HTTP/1.1 on its way: how many of its bytes went by, and how many it has. */
class Passage {
  #head = "";
  #length: number | undefined;
  #passed = 0;

  /** Nothing of it has come yet, or all of it has gone by: what comes next is another message. */
  get isOver(): boolean {
    return this.#passed === 0 || (this.#length !== undefined && this.#passed >= this.#length);
  }

  /** Count these bytes in. Returns where they stand in the message, and the message's length once its head is known. */
  take(bytes: Buffer): { readonly from: number; readonly length: number | undefined } {
    const from = this.#passed;
    this.#passed += bytes.length;
    if (this.#length === undefined) {
      this.#head += bytes.toString("latin1");
      const end = this.#head.indexOf("\r\n\r\n");
      const body = /^content-length: *(\d+)/im.exec(this.#head)?.[1] ?? "0";
      if (end !== -1) this.#length = end + 4 + Number(body);
    }
    return { from, length: this.#length };
  }
}
