/** What the shell is told. Documented in docs/cli.md; scripts rely on it. */
export const exitCode = {
  done: 0,
  /** Something unforeseen: report it with what was printed. */
  unexpected: 1,
  /** The command line or the settings are wrong. */
  usage: 2,
  /** Nobody is signed in: key, token or issuer. */
  signIn: 3,
  /** Known, but not allowed: agreement, role, block. */
  refused: 4,
  /** No record, closed record, no such document, or its content is lost there. */
  notFound: 5,
  /** The document is not accepted. */
  rejected: 6,
  /** No answer, or not now: try again, the same. */
  unavailable: 7,
  /** `doctor` found something to mend. */
  unwell: 8,
  /** Another process feeds from this folder. */
  folderInUse: 9,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
