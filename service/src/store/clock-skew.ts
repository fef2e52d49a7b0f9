/** Clocks of machines that serve one database differ by less: what lies further ahead was written under a clock that ran ahead. */
export const SKEW_MS = 5 * 60_000;
