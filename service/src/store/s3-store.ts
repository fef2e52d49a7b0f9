/** Contents in any S3 storage, sealed before they leave. `BLOB_URL=s3://bucket/prefix` or `https://endpoint/bucket/prefix`. */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { address } from "../setting-values.ts";
import { SettingInvalid } from "../start-refused.ts";
import { type BlobPlace, type BlobStore, contextOf, isPlace } from "./blobs.ts";
import { HEADER_BYTES, openRange, SealBroken, seal, sealedRange } from "./seal.ts";

export interface S3Settings {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Address of the bucket and prefix, with a final slash. */
  readonly address: string;
}

const TIMEOUT_MS = 30_000;
/** Waits before the second try and the third: a storage that is busy (503, 429) says so for a moment. */
const RETRY_MS = [100, 500] as const;

/** @returns undefined without `BLOB_URL`. @throws Error naming the variable that is missing or not understood */
export function readS3Settings(environment: Readonly<Record<string, string | undefined>>): S3Settings | undefined {
  const written = environment.BLOB_URL;
  if (!written) return undefined;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const region = environment.BLOB_REGION || environment.AWS_REGION || "us-east-1";
  const accessKeyId = environment.BLOB_ACCESS_KEY_ID || environment.AWS_ACCESS_KEY_ID;
  const secretAccessKey = environment.BLOB_SECRET_ACCESS_KEY || environment.AWS_SECRET_ACCESS_KEY;
  if (!accessKeyId || !secretAccessKey)
    throw new SettingInvalid("BLOB_URL needs BLOB_ACCESS_KEY_ID and BLOB_SECRET_ACCESS_KEY");
  const sessionToken = environment.BLOB_SESSION_TOKEN || environment.AWS_SESSION_TOKEN;
  const bucketAddress = url && addressOf(url, region, address(environment, "BLOB_ENDPOINT", ["https", "http"]));
  if (!bucketAddress) {
    throw new SettingInvalid(
      "BLOB_URL must be s3://bucket[/prefix] or https://endpoint/bucket[/prefix], without query or password",
    );
  }
  return { address: bucketAddress, region, accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function addressOf(url: URL, region: string, endpoint: string | undefined): string | undefined {
  if (url.search || url.hash || url.username || url.password) return undefined;
  const path = url.pathname.replace(/^\/|\/$/g, "");
  if (url.protocol === "s3:" && url.hostname) {
    // By path, for every storage understands it; endpoints other than Amazon's are given.
    const base = (endpoint || `https://s3.${region}.amazonaws.com`).replace(/\/$/, "");
    return `${base}/${[url.hostname, path].filter(Boolean).join("/")}/`;
  }
  // http is for a double on this machine only: the content is sealed, but its signature could be replayed.
  const isLocal = url.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  return (url.protocol === "https:" || isLocal) && path ? `${url.origin}/${path}/` : undefined;
}

/** The storage refused, or does not answer. The message holds its status only. */
export class StorageFailed extends Error {
  readonly code = "storage-failed";
  readonly status: number | undefined;
  constructor(what: string, status?: number, cause?: unknown) {
    super(`the storage of contents failed to ${what}${status === undefined ? "" : ` (${status})`}`, { cause });
    this.name = "StorageFailed";
    this.status = status;
  }
}

/** The content of an answer; the line may break, or the storage stop, in the middle of it. */
async function bodyOf(what: string, response: Response): Promise<Buffer> {
  try {
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    throw new StorageFailed(what, undefined, cause);
  }
}

/** Lets the connection go without reading what nobody wants. */
async function drop(response: Response): Promise<void> {
  await response.body?.cancel();
}

export function openS3Store(settings: S3Settings): BlobStore {
  const { address, region, accessKeyId, secretAccessKey, sessionToken } = settings;
  // We try again ourselves: only we know which answer was lost.
  const credentials = { region, accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  const client = new AwsClient({ ...credentials, service: "s3", retries: 0 });
  const bucket = new URL(address);
  const [, bucketName = "", prefix = ""] = /^\/([^/]+)\/(.*)$/.exec(bucket.pathname) ?? [];
  const urlOf = (place: BlobPlace) => `${address}${place.recordId.slice(0, 2)}/${contextOf(place)}`;

  interface Call {
    readonly method?: "GET" | "PUT" | "DELETE";
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array<ArrayBuffer>;
  }

  /** One request, tried again when the storage is busy or away: reads and conditional writes bear it. */
  async function send(what: string, address: string, call: Call, signal?: AbortSignal): Promise<Response> {
    const { method = "GET", headers = {}, body } = call;
    const url = new URL(address);
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const stop = signal ? AbortSignal.any([signal, limit]) : limit;
    for (let attempt = 0; ; attempt += 1) {
      const pause = RETRY_MS[attempt];
      try {
        // A signature is good for a quarter of an hour: each try has its own. It covers the content too.
        const digest = createHash("sha256")
          .update(body ?? "")
          .digest("hex");
        const init = { method, headers: { ...headers, "x-amz-content-sha256": digest }, ...(body ? { body } : {}) };
        const signed = await client.sign(url, init);
        const response = await fetch(signed, { signal: stop, redirect: "error" });
        if (pause === undefined || (response.status < 500 && response.status !== 429)) return response;
        await drop(response);
      } catch (error) {
        if (pause === undefined || stop.aborted) throw new StorageFailed(what, undefined, error);
      }
      await wait(pause, undefined, { signal: stop }).catch((error: unknown) => {
        throw new StorageFailed(what, undefined, error);
      });
    }
  }
  async function read(place: BlobPlace, from: number, to: number): Promise<Buffer> {
    const response = await send("read", urlOf(place), { headers: { range: `bytes=${from}-${to - 1}` } });
    if (response.status !== 206 && response.status !== 200) {
      await drop(response);
      if (response.status === 404) throw new SealBroken();
      throw new StorageFailed("read", response.status);
    }
    const bytes = await bodyOf("read", response);
    // A storage that does not know ranges gives the whole.
    const part = response.status === 200 ? bytes.subarray(from, to) : bytes;
    if (part.length !== to - from) throw new SealBroken();
    return part;
  }

  /** Is the content that is there the one that was to be put? A try whose answer was lost may have put it. */
  async function isThere(place: BlobPlace, sealed: Buffer): Promise<boolean> {
    const response = await send("read", urlOf(place), {});
    if (response.status !== 200) {
      await drop(response);
      return false;
    }
    return (await bodyOf("read", response)).equals(sealed);
  }

  return {
    kind: "s3",
    async put(place, content) {
      const sealed = seal(place.key, contextOf(place), content);
      const response = await send("keep", urlOf(place), {
        method: "PUT",
        body: new Uint8Array(sealed),
        headers: { "if-none-match": "*", "content-type": "application/octet-stream" },
      });
      await drop(response);
      if (response.status === 412 && (await isThere(place, sealed))) return;
      if (!response.ok) throw new StorageFailed("keep", response.status);
      // Read back: a storage that keeps other bytes than it got must be known before the receipt, not after.
      if (!(await isThere(place, sealed))) throw new StorageFailed("keep what it was given");
    },
    async get(place, range) {
      const { from, to } = sealedRange(range.size, range.start, range.end);
      const [header, sealed] = await Promise.all([read(place, 0, HEADER_BYTES), read(place, from, to)]);
      return openRange(place.key, contextOf(place), header, sealed, range);
    },
    async remove(place) {
      const response = await send("remove", urlOf(place), { method: "DELETE" });
      await drop(response);
      if (!response.ok && response.status !== 404) throw new StorageFailed("remove", response.status);
    },
    async check(signal) {
      const url = `${bucket.origin}/${bucketName}?list-type=2&max-keys=1`;
      const response = await send("answer", url, {}, signal);
      await drop(response);
      if (!response.ok) throw new StorageFailed("answer", response.status);
    },
    async *list(signal, only) {
      let next: string | undefined;
      const wanted = only ? `${prefix}${only.slice(0, 2)}/${only}/` : prefix;
      do {
        const query = new URLSearchParams({ "list-type": "2", ...(wanted ? { prefix: wanted } : {}) });
        if (next) query.set("continuation-token", next);
        const response = await send("list", `${bucket.origin}/${bucketName}?${query}`, {}, signal);
        if (!response.ok) throw new StorageFailed("list", response.status);
        const page = readListing((await bodyOf("list", response)).toString("utf8"));
        for (const { key, writtenAt, bytes } of page.objects) {
          const place = placeOf(key.slice(prefix.length));
          if (place) yield { ...place, writtenAt, bytes };
        }
        next = page.next;
      } while (next);
    },
  };
}

function placeOf(key: string): BlobPlace | undefined {
  const [, recordId = "", blobId = ""] = key.split("/");
  return isPlace({ recordId, blobId }) ? { recordId, blobId } : undefined;
}

/** The answer of ListObjectsV2: a flat list that our own names (hexadecimal) need no unescaping in. */
function readListing(xml: string): {
  objects: { key: string; writtenAt: Date; bytes: number }[];
  next: string | undefined;
} {
  const textOf = (part: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(part)?.[1];
  const objects = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].flatMap(([, part = ""]) => {
    const [key, written] = [textOf(part, "Key"), textOf(part, "LastModified")];
    return key && written ? [{ key, writtenAt: new Date(written), bytes: Number(textOf(part, "Size")) }] : [];
  });
  const next = textOf(xml, "NextContinuationToken")?.replaceAll("&amp;", "&");
  return { objects, next: textOf(xml, "IsTruncated") === "true" ? next : undefined };
}
