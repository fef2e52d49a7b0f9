export { type BrowserSignInOptions, completeRedirect, signInByPopup, signInByRedirect } from "./browser.ts";
export type { ClientKey } from "./client-key.ts";
export { isSignInError, SignInError, type SignInErrorCode } from "./errors.ts";
export type { IssuerOptions } from "./issuer.ts";
export { createMachineTokenSource, type MachineOptions } from "./machine.ts";
export { proSanteConnect } from "./pro-sante-connect.ts";
export { createSignIn, type PendingSignIn, type Session, type SignIn, type SignInOptions } from "./sign-in.ts";
export { createTokenSource, type TokenSourceOptions } from "./token-source.ts";
