/**
 * The antivirus hook: ClamAV's daemon, command INSTREAM, over TCP or a socket file. One connection per document; its answer
 * is `stream: OK`, `stream: NAME FOUND` or an error.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { SettingInvalid } from "../start-refused.ts";

export type ScanResult = "clean" | "infected" | "unavailable";

export interface VirusScanner {
  scan(bytes: Uint8Array, signal?: AbortSignal): Promise<ScanResult>;
  /** Does the daemon answer? */
  ping(signal?: AbortSignal): Promise<boolean>;
}

const CHUNK_BYTES = 64 * 1024;
const MAX_ANSWER = 4096;

/** Where clamd listens: `tcp://host:3310`, or `unix:///run/clamav/clamd.ctl`. @throws Error naming CLAMD_URL */
export function readClamdAddress(
  written: string,
): { readonly path: string } | { readonly host: string; readonly port: number } {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol === "unix:" && url.pathname.length > 1) return { path: decodeURIComponent(url.pathname) };
  if (url?.protocol === "tcp:" && url.hostname) {
    return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 3310) };
  }
  throw new SettingInvalid("CLAMD_URL must be tcp://host:3310 or unix:///run/clamav/clamd.ctl");
}

/** @param timeoutMs for one document, connection and answer included */
export function createClamdScanner(written: string, timeoutMs: number): VirusScanner {
  const address = readClamdAddress(written);

  async function ask(signal: AbortSignal | undefined, speak: (socket: Socket) => Promise<void>): Promise<string> {
    const limit = AbortSignal.timeout(timeoutMs);
    const stop = signal ? AbortSignal.any([signal, limit]) : limit;
    stop.throwIfAborted();
    const socket = connect(address);
    const abort = () => socket.destroy(new Error("clamd took too long, or the request ended"));
    stop.addEventListener("abort", abort, { once: true });
    try {
      const parts: Buffer[] = [];
      let length = 0;
      const answered = new Promise<void>((resolve, reject) => {
        socket.on("data", (part: Buffer) => {
          parts.push(part);
          length += part.length;
          // "z" commands are answered up to a zero byte; anything longer is not an answer of clamd.
          if (part.includes(0) || length > MAX_ANSWER) resolve();
        });
        socket.once("end", resolve);
        socket.once("error", reject);
        socket.once("close", resolve);
      });
      answered.catch(() => undefined);
      await Promise.race([once(socket, "connect"), answered]);
      await Promise.race([speak(socket), answered]);
      await answered;
      return Buffer.concat(parts).toString("utf8").replace(/\0/g, "").trim();
    } finally {
      stop.removeEventListener("abort", abort);
      socket.destroy();
    }
  }

  const write = async (socket: Socket, bytes: Uint8Array) => {
    if (!socket.write(bytes)) await once(socket, "drain");
  };

  return {
    async scan(bytes, signal) {
      try {
        const answer = await ask(signal, async (socket) => {
          await write(socket, Buffer.from("zINSTREAM\0"));
          for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
            const chunk = bytes.subarray(at, at + CHUNK_BYTES);
            const head = Buffer.alloc(4);
            head.writeUInt32BE(chunk.length);
            await write(socket, head);
            await write(socket, chunk);
          }
          await write(socket, Buffer.alloc(4));
        });
        if (/^stream: OK$/.test(answer)) return "clean";
        // An error (size limit, no memory) is not a judgement.
        return /^stream: .+ FOUND$/.test(answer) ? "infected" : "unavailable";
      } catch {
        return "unavailable";
      }
    },
    async ping(signal) {
      try {
        return (await ask(signal, (socket) => write(socket, Buffer.from("zPING\0")))) === "PONG";
      } catch {
        return false;
      }
    },
  };
}
