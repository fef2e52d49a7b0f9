/** A PostgreSQL that goes away, or is cut off: no answer, no refusal. */
import { randomUUID } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createService } from "../create-service.ts";
import { outageOf } from "../http/outage.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

/** A line to the database that can be cut without being closed. */
async function line(target: URL) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far])
      sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(target);
  url.host = `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return {
    url: url.href,
    cut: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test.skipIf(!process.env.DATABASE_URL)("that goes away within a transaction fails it, and nothing else", async () => {
  const { database, transaction } = carnet.service.store;
  const ended = transaction(async (one) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(one);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database);
    const isThere = async () => {
      const found = await sql`select 1 from pg_stat_activity where pid = ${rows[0]?.pid}`.execute(database);
      return found.rows.length > 0;
    };
    while (await isThere());
    await sql`select 1`.execute(one);
  });
  const failure: unknown = await ended.catch((error: unknown) => error);
  expect(outageOf(failure), String(failure)).toMatchObject({ cause: "database unavailable" });
  expect((await sql`select 1`.execute(database)).rows).toHaveLength(1);
});

test.skipIf(!process.env.DATABASE_URL)(
  "is told by /readyz, which does not wait for it; a request ends as unavailable, and the next ones are answered again",
  async () => {
    const { config } = carnet.service;
    const database = await line(new URL(config.databaseUrl ?? ""));
    // As long as the first line waits for the database.
    const databaseUrl = `${database.url}?query_timeout=3000`;
    const service = await createService({ ...config, port: 0, databaseUrl, databaseConnections: 1 });
    try {
      const { port } = service.config;
      await service.listen();
      const ask = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).json();
      expect(await ask()).toMatchObject({ status: "ready", database: "postgresql" });
      const token = await carnet.token("gp");
      const read = async () => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`http://127.0.0.1:${port}/fhir/DocumentReference/${randomUUID()}`, { headers })).status;
      };
      database.cut();
      const [request, ready] = await Promise.all([read(), ask()]);
      expect(ready).toMatchObject({ status: "unavailable", database: "unavailable" });
      expect(request).toBe(503);
      // What is connected from now on gets through.
      await expect.poll(read, { timeout: 20_000 }).toBe(404);
    } finally {
      database.close();
      await service.close();
    }
  },
);
