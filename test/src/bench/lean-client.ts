/** A client that costs next to nothing beside the service: connections kept open, bodies made before the clock starts. */
import { Agent, request } from "node:http";

export interface LeanClient {
  /** Sends one request and reads its answer to the end. @throws Error when the status is not 200 */
  send(method: "GET" | "POST", path: string, body?: { readonly type: string; readonly bytes: Buffer }): Promise<void>;
  close(): void;
}

/** @param connections kept open, hence requests under way at once */
export function leanClient(origin: string, token: string, connections: number): LeanClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${token}`,
          ...(body ? { "content-type": body.type, "content-length": body.bytes.length } : {}),
        };
        const asked = request(`${origin}/fhir${path}`, { method, agent, headers }, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.once("error", reject);
          response.once("end", () => {
            if (response.statusCode === 200) resolve();
            else
              reject(new Error(`${method}: ${response.statusCode} ${Buffer.concat(parts).toString().slice(0, 300)}`));
          });
        });
        asked.once("error", reject);
        asked.end(body?.bytes);
      }),
    close: () => agent.destroy(),
  };
}
