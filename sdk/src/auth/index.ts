export { isSignInError, SignInError, type SignInErrorCode } from "./errors.ts";
export { proSanteConnect } from "./pro-sante-connect.ts";
export { createSignIn, type PendingSignIn, type Session, type SignIn, type SignInOptions } from "./sign-in.ts";
export { createTokenSource, type TokenSourceOptions } from "./token-source.ts";
