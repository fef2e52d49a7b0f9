/** Headers of the demo's pages: nothing from elsewhere, nothing inline, no frame around them. */

const directives = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data: blob:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "frame-src": "'self' blob:",
  "worker-src": "'self'",
  "manifest-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
} as const;

type Directive = keyof typeof directives;

/** A content security policy, with the directives that one page needs otherwise. */
export function policy(changes: Partial<Record<Directive, string>> = {}): string {
  return Object.entries({ ...directives, ...changes })
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** Headers of every page. */
export function pageHeaders(contentSecurityPolicy = policy()): Readonly<Record<string, string>> {
  return {
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
  };
}
