/**
 * An S3 storage on a local port, in memory: PUT with `If-None-Match`, GET with ranges, DELETE, ListObjectsV2 in pages. It
 * checks each signature with the request as it arrived on the wire, and may be told to misbehave.
 */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export const s3Credentials = { region: "fr-test", accessKeyId: "AKTEST", secretAccessKey: "a-test-secret" } as const;

export interface S3Double {
  /** Address of the bucket and prefix. */
  readonly url: string;
  readonly objects: Map<string, { bytes: Buffer; writtenAt: Date }>;
  /**
   * `busy`: the next request is answered 503; `corrupt`: keeps other bytes than it got; `lost`: keeps, then answers 500;
   * `cut`: breaks off in the middle of what it reads out.
   */
  behaviour: "good" | "busy" | "corrupt" | "lost" | "cut";
  /** What was asked, as `GET 206`. */
  readonly log: string[];
  close(): Promise<void>;
}

const PAGE = 2;
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** The signature by the manual, from the wire's own header lines. */
function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const authorization = request.headers.authorization ?? "";
  const parts =
    /Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w{64})/.exec(
      authorization,
    );
  if (!parts) return false;
  const [, id, day = "", region = "", signedNames = "", signature] = parts;
  const names = signedNames.split(";");
  if (id !== s3Credentials.accessKeyId || region !== s3Credentials.region || !names.includes("host")) return false;
  const hash = createHash("sha256").update(body).digest("hex");
  if (request.headers["x-amz-content-sha256"] !== hash) return false;
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const lines = names.map((name) => `${name}:${String(request.headers[name] ?? "").trim()}\n`).join("");
  const sortedQuery = query.replaceAll("+", "%20").split("&").filter(Boolean).sort().join("&");
  const canonical = `${request.method}\n${path}\n${sortedQuery}\n${lines}\n${signedNames}\n${hash}`;
  const date = String(request.headers["x-amz-date"]);
  if (
    Math.abs(Date.now() - Date.parse(date.replace(/(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)/, "$1-$2-$3:$4:$5"))) > 900_000
  )
    return false;
  const text = `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/s3/aws4_request\n${createHash("sha256").update(canonical).digest("hex")}`;
  const key = hmac(hmac(hmac(hmac(`AWS4${s3Credentials.secretAccessKey}`, day), region), "s3"), "aws4_request");
  return hmac(key, text).toString("hex") === signature;
}

export async function startS3Double(): Promise<S3Double> {
  const objects: S3Double["objects"] = new Map();
  const log: string[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const answer = (status: number, content: string | Buffer = "", headers: Record<string, string> = {}) => {
      log.push(`${request.method} ${status}`);
      response.writeHead(status, headers);
      response.end(content);
    };
    const { behaviour } = double;
    if (behaviour === "busy") {
      double.behaviour = "good";
      return answer(503);
    }
    if (!isSigned(request, body)) return answer(403);
    const url = new URL(request.url ?? "/", "http://double");
    const key = url.pathname.replace(/^\/bucket\/?/, "");
    if (url.searchParams.has("list-type")) return answer(200, listing(objects, url.searchParams));
    const known = objects.get(key);
    switch (request.method) {
      case "PUT": {
        if (known && request.headers["if-none-match"] === "*") return answer(412);
        const bytes = behaviour === "corrupt" ? Buffer.from(body).fill(0, 9, 10) : body;
        objects.set(key, { bytes, writtenAt: new Date() });
        if (behaviour !== "lost") return answer(200);
        double.behaviour = "good";
        return answer(500);
      }
      case "DELETE":
        objects.delete(key);
        return answer(204);
      default: {
        if (!known) return answer(404);
        if (behaviour === "cut") {
          response.writeHead(206, { "content-length": String(known.bytes.length) });
          response.write(known.bytes.subarray(0, 5), () => response.destroy());
          return;
        }
        const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
        if (!range) return answer(200, known.bytes);
        return answer(206, known.bytes.subarray(Number(range[1]), Number(range[2]) + 1));
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const double: S3Double = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/contents`,
    objects,
    log,
    behaviour: "good",
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return double;
}

function listing(objects: S3Double["objects"], query: URLSearchParams): string {
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get("prefix") ?? "")).sort();
  const start = Number(query.get("continuation-token") ?? 0);
  const page = keys.slice(start, start + PAGE);
  const contents = page.map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>${objects.get(key)?.writtenAt.toISOString()}</LastModified><Size>${objects.get(key)?.bytes.length}</Size></Contents>`,
  );
  const isCut = start + PAGE < keys.length;
  const next = isCut ? `<NextContinuationToken>${start + PAGE}</NextContinuationToken>` : "";
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isCut}</IsTruncated>${contents.join("")}${next}</ListBucketResult>`;
}

/** Environment of a service that keeps its contents in this storage. */
export function s3Environment(double: S3Double): Readonly<Record<string, string>> {
  return {
    BLOB_URL: double.url,
    BLOB_REGION: s3Credentials.region,
    BLOB_ACCESS_KEY_ID: s3Credentials.accessKeyId,
    BLOB_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
  };
}
