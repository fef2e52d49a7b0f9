/** Settings of this room, from the environment. See docs/operator.md, "What a deposit must be". */

import { type Environment, oneOf } from "../setting-values.ts";
import { SettingInvalid } from "../start-refused.ts";
import type { ContentRules } from "./check.ts";
import { createClamdScanner, type VirusScanner } from "./clamd.ts";

export interface ContentSafety extends ContentRules {
  readonly scanner: VirusScanner | undefined;
  /** What happens to a deposit while clamd does not answer: it waits (503) or is kept with a warning in the log. */
  readonly whenUnavailable: "refuse" | "accept";
}

const MEGABYTE = 1024 * 1024;
const LONGEST_SECONDS = 3600;

/** @throws Error naming the variable that cannot be understood */
export function readContentSafety(environment: Environment, isDemo: boolean): ContentSafety {
  const megabytes = (name: string, byDefault: number) => {
    const value = Number(environment[name] || byDefault);
    if (!(value > 0 && Number.isFinite(value)))
      throw new SettingInvalid(`${name} must be a number of megabytes over 0`);
    return Math.floor(value * MEGABYTE);
  };
  const seconds = Number(environment.CLAMD_TIMEOUT_SECONDS || 20);
  if (!(seconds > 0 && seconds <= LONGEST_SECONDS))
    throw new SettingInvalid(`CLAMD_TIMEOUT_SECONDS must be a number over 0, and at most ${LONGEST_SECONDS}`);
  return {
    limits: {
      // R123.
      patient: megabytes("MAX_MB_PATIENT", 5),
      professional: megabytes("MAX_MB_PROFESSIONAL", 50),
      establishment: megabytes("MAX_MB_ESTABLISHMENT", 50),
    },
    isStrict: !isDemo,
    scanner: environment.CLAMD_URL ? createClamdScanner(environment.CLAMD_URL, seconds * 1000) : undefined,
    whenUnavailable: oneOf(environment, "CLAMD_UNAVAILABLE", ["refuse", "accept"]),
  };
}
