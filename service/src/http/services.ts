/** What every transaction needs. Time comes from `now`, so that a test may live through years. */
import type { FastifyBaseLogger } from "fastify";
import type { ServiceConfig } from "../config.ts";
import type { ContentSafety } from "../content-safety/index.ts";
import type { DrugDataFile } from "../drug-data.ts";
import type { EnrolmentLetters } from "../identity-provider/index.ts";
import type { Store } from "../store/store.ts";
import type { ByteCache } from "./byte-cache.ts";

export interface Services {
  readonly config: ServiceConfig;
  readonly store: Store;
  readonly safety: ContentSafety;
  readonly log: FastifyBaseLogger;
  /** Composed summaries, by record version and set of visible documents. */
  readonly summaries: ByteCache<Buffer>;
  readonly drugData: DrugDataFile;
  /** Provisional codes: what proves who somebody without an account is (R206). */
  readonly letters: EnrolmentLetters;
  now(): Date;
  /** Called when a notice was committed, so that its mail leaves at once. */
  onNotice(): void;
}
