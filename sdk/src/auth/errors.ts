export type SignInErrorCode =
  | "sign-in-refused"
  | "sign-in-expired"
  | "sign-in-failed"
  | "issuer-unreachable"
  | "issuer-insecure"
  | "level-too-low"
  | "popup-blocked"
  | "client-key";

const explanations: Record<SignInErrorCode, string> = {
  "sign-in-refused": "The person or the issuer refused the sign-in: offer to start again.",
  "sign-in-expired": "The session is over: sign in again.",
  "sign-in-failed": "The issuer's answer does not belong to this sign-in: start again.",
  "issuer-unreachable": "The issuer does not answer: check the network, then try again.",
  "issuer-insecure": "The issuer is not on https: only this machine (127.0.0.1, localhost) may do without.",
  "level-too-low": "The issuer did not prove the level of authentication that was asked for (acr).",
  "popup-blocked": "The browser let no window open: begin the sign-in in the click itself, or use the redirect.",
  "client-key": "The client's key cannot be used: a private P-256 or RSA key is needed.",
};

/** Why nobody is signed in. The message never holds a token, a code or a name. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly code: SignInErrorCode;
  constructor(code: SignInErrorCode, options?: { readonly cause?: unknown }) {
    super(explanations[code], options);
    this.code = code;
  }
}

/** Is this a sign-in error? By shape, so that it holds across copies of the package. */
export function isSignInError(error: unknown, code?: SignInErrorCode): error is SignInError {
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  return typeof error.code === "string" && error.code in explanations && (code === undefined || error.code === code);
}
