/** Puts the rooms together: store, identity provider, record, notices; one server on one port. */
import { createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { type Applications, createApplications } from "./applications.ts";
import type { ServiceConfig } from "./config.ts";
import { readContentSafety } from "./content-safety/index.ts";
import { openDrugData } from "./drug-data.ts";
import { createApp } from "./http/app.ts";
import { createByteCache } from "./http/byte-cache.ts";
import { registerFhir } from "./http/fhir.ts";
import { registerHealth } from "./http/metadata.ts";
import type { Services } from "./http/services.ts";
import type { SubmissionReceipt } from "./http/submission.ts";
import {
  type Accounts,
  createTokenVerifier,
  type EnrolmentLetters,
  type MachineClients,
  registerIdentityProvider,
} from "./identity-provider/index.ts";
import { registerIndicators } from "./indicators/routes.ts";
import { recordJobs, startJobs } from "./jobs/index.ts";
import { createMailer, registerMailbox, requireMail, startNoticeJob } from "./notices/index.ts";
import { registerOperator } from "./operator/routes.ts";
import { createRecords, depositInProcess, type InProcessDeposit, type Records } from "./records.ts";
import type { Actor } from "./rules/index.ts";
import { reasonOf, StartRefused } from "./start-refused.ts";
import { openStore, requireWritableContents, type Store } from "./store/store.ts";

/** A service that is ready to listen. */
export interface CarnetService {
  /** The server; pages may be added to it before {@link CarnetService.listen}. */
  readonly app: FastifyInstance;
  readonly config: ServiceConfig;
  readonly store: Store;
  readonly accounts: Accounts;
  /** Letters with a provisional code, for enrolment (R206). */
  readonly letters: EnrolmentLetters;
  /** Software of establishments that signs in by itself (R200). */
  readonly machineClients: MachineClients;
  readonly records: Records;
  /** The catalogue of connected applications (R168). */
  readonly applications: Applications;
  /** Deposits an ITI-65 Bundle as `actor`, with the checks and the receipt of HTTP. @throws WireError, AdmissionError */
  deposit(actor: Actor, bundle: unknown, options?: InProcessDeposit): Promise<SubmissionReceipt>;
  /** Sends every notice that is due, then resolves. */
  sendNotices(): Promise<void>;
  /** Runs every periodic job once, due or not. @throws AggregateError of those that failed */
  runJobs(): Promise<void>;
  /** Listens; gives the public address. @throws StartRefused when the address cannot be listened on */
  listen(): Promise<string>;
  /** Ends politely: running requests finish, then the database closes. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** The clock; tests live through years with it. */
  readonly now?: () => Date;
}

/** @throws StartRefused when a setting, the address, the data folder or the database keeps it from starting */
export async function createService(given: ServiceConfig, options: ServiceOptions = {}): Promise<CarnetService> {
  // Before anything is opened: a port that is taken is told now, not after minutes of first filling.
  const config = await withFreePort(given);
  const now = options.now ?? (() => new Date());
  requireMail(config);
  const safety = readContentSafety(config.environment, config.isDemo);
  requireWritableContents(config);
  const store = await openStore(config);
  try {
    const app = createApp(config);
    const mailer = createMailer(config, store.database, now);
    const notices = startNoticeJob({ config, database: store.database, mailer, log: app.log, now });
    const identity = { config, store, now };
    const { accounts, letters, machineClients } = await registerIdentityProvider(app, { ...identity, mailer });
    const services: Services = {
      config,
      store,
      safety,
      log: app.log,
      summaries: createByteCache(SUMMARY_BYTES, (summary) => summary.length),
      drugData: openDrugData(config.drugDataFile, app.log),
      letters,
      now,
      onNotice: notices.wake,
    };
    const verify = createTokenVerifier(identity);
    await registerFhir(app, services, verify);
    await registerOperator(app, services, verify);
    registerHealth(app, services);
    registerIndicators(app, services);
    if (config.isDemo) await registerMailbox(app, store.database);
    const jobs = startJobs({ database: store.database, log: app.log, now }, recordJobs(services));
    app.addHook("onClose", async () => {
      await jobs.stop();
      await notices.stop();
      mailer.close();
      await store.close();
    });
    return {
      app,
      config,
      store,
      accounts,
      letters,
      machineClients,
      records: createRecords(services),
      applications: createApplications(services),
      sendNotices: notices.drain,
      runJobs: jobs.runAll,
      deposit: (actor, bundle, deposit) => depositInProcess(services, actor, bundle, deposit),
      async listen() {
        await app.listen({ port: config.port, host: config.host }).catch((cause: unknown) => {
          throw addressUnavailable(config, cause);
        });
        return config.publicUrl;
      },
      async close() {
        // A browser may hold a connection that it never used: that is no reason to wait for it.
        const late = setTimeout(() => app.server.closeAllConnections(), CLOSING_MS);
        try {
          await app.close();
        } finally {
          clearTimeout(late);
        }
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Total size of the composed summaries that are kept. */
const SUMMARY_BYTES = 128 * 1024 * 1024;

/** How long running requests have to finish once the service is told to end. */
const CLOSING_MS = 10_000;

/** Tokens name the public address, so it must be known before listening: port 0 becomes a free one now. */
async function withFreePort(config: ServiceConfig): Promise<ServiceConfig> {
  const port = await new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause) => reject(addressUnavailable(config, cause)));
    server.listen(config.port, config.host, () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) };
}

function addressUnavailable({ host, port }: ServiceConfig, cause: unknown): StartRefused {
  const reason = reasonOf(cause);
  const message = reason.includes("EADDRINUSE")
    ? `port ${port} of ${host} is used by another program: stop it, or set PORT to another port`
    : `${host}:${port} cannot be listened on (${reason}): set HOST and PORT`;
  return new StartRefused("address-unavailable", message, cause);
}
