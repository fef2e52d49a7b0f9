import { createServer } from "node:http";
import type { IdentityTraits } from "@carnet/sdk/identity";
import { alix, camille } from "./fixtures.ts";

/**
 * A record service that fails on command: down, slow, refusing, cutting the connection after it has stored.
 * The real service is walked by the journeys of `test/`; this one shows what the extension does when a service misbehaves.
 */
export interface RecordServer {
  readonly url: string;
  /** What the next deposits meet. */
  answer: "store" | "store-then-cut" | "unavailable" | "refuse" | "unauthorised";
  /** Documents kept, by unique id, as the record would hold them. */
  readonly stored: Map<
    string,
    {
      readonly content: Buffer;
      readonly title: string;
      readonly labels: readonly string[];
      /** The document that it says it replaces, as the deposit names it. */
      readonly replaces: string | undefined;
    }
  >;
  /** Requests to deposit, answered or not. */
  attempts: number;
  closed: Set<string>;
  close(): Promise<void>;
}

interface Resource {
  readonly resourceType: string;
  readonly [key: string]: unknown;
}

export async function startRecord(): Promise<RecordServer> {
  const patients: readonly IdentityTraits[] = [camille, alix];
  const ids = new Map<string, string>();
  const state: Omit<RecordServer, "url" | "close"> = {
    answer: "store",
    stored: new Map(),
    attempts: 0,
    closed: new Set(),
  };

  const server = createServer(async (request, response) => {
    const reply = (status: number, body: object) => {
      const bytes = Buffer.from(JSON.stringify(body));
      response.writeHead(status, { "content-type": "application/fhir+json", "content-length": bytes.length });
      response.end(bytes);
    };
    const outcome = (status: number, code: string, rule?: string) =>
      reply(status, {
        resourceType: "OperationOutcome",
        issue: [
          {
            severity: "error",
            code,
            ...(rule === undefined ? {} : { details: { coding: [{ code: rule }], text: rule } }),
            diagnostics: "refused",
          },
        ],
      });
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (!(request.headers.authorization ?? "").startsWith("Bearer ")) return outcome(401, "login");
    if (request.method === "GET" && pathname === "/fhir/Patient") {
      const found = patients.find((one) => `${one.ins?.system}|${one.ins?.value}` === searchParams.get("identifier"));
      return reply(200, {
        resourceType: "Bundle",
        type: "searchset",
        total: found === undefined ? 0 : 1,
        entry: found === undefined ? [] : [{ resource: patientOf(found, state.closed), search: { mode: "match" } }],
      });
    }
    if (request.method === "GET") return reply(200, { resourceType: "Bundle", type: "searchset", total: 0, entry: [] });

    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The line was lost in the middle of the request: there is nobody to answer, and nothing whole to keep.
      return;
    }
    state.attempts += 1;
    if (state.answer === "unavailable") return outcome(503, "transient");
    if (state.answer === "unauthorised") return outcome(401, "login");
    if (state.answer === "refuse") return outcome(403, "forbidden", "R59");
    const bundle = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { entry: { resource: Resource }[] };
    keep(bundle.entry, state.stored);
    if (state.answer === "store-then-cut") return request.socket.destroy();
    return reply(200, {
      resourceType: "Bundle",
      type: "transaction-response",
      entry: bundle.entry.map(({ resource }) => {
        const key = JSON.stringify((resource.masterIdentifier ?? resource.identifier ?? resource.id) as unknown);
        const id = ids.get(key) ?? crypto.randomUUID();
        ids.set(key, id);
        return {
          response: {
            status: "201 Created",
            location: `${resource.resourceType}/${id}/_history/1`,
            lastModified: new Date().toISOString(),
          },
        };
      }),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function keep(entries: readonly { resource: Resource }[], stored: RecordServer["stored"]): void {
  const binary = entries.find(({ resource }) => resource.resourceType === "Binary")?.resource;
  const reference = entries.find(({ resource }) => resource.resourceType === "DocumentReference")?.resource as
    | {
        masterIdentifier?: { value?: string };
        content?: { attachment?: { title?: string } }[];
        securityLabel?: { coding?: { code?: string }[] }[];
        relatesTo?: { target?: { reference?: string } }[];
      }
    | undefined;
  if (binary === undefined || reference === undefined) return;
  stored.set(reference.masterIdentifier?.value ?? "", {
    content: Buffer.from(String(binary.data), "base64"),
    replaces: reference.relatesTo?.[0]?.target?.reference,
    title: reference.content?.[0]?.attachment?.title ?? "",
    labels: (reference.securityLabel ?? []).flatMap((label) => label.coding?.map((coding) => coding.code ?? "") ?? []),
  });
}

function patientOf(traits: IdentityTraits, closed: ReadonlySet<string>) {
  return {
    resourceType: "Patient",
    id: `record-${traits.ins?.value}`,
    active: !closed.has(traits.ins?.value ?? ""),
    identifier: [{ system: traits.ins?.system, value: traits.ins?.value }],
    name: [{ use: "official", family: traits.birthName, given: traits.birthGivenNames }],
    gender: traits.sex,
    birthDate: traits.birthDate,
  };
}
