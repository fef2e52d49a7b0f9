import type { Adapter } from "./adapter.ts";

/** Adapters that come with the extension: the project's own hospital tool, as an example of what a hospital writes. */
export function shippedAdapters(serviceUrl: string): readonly Adapter[] {
  return [
    {
      id: "carnet-hospital",
      version: 1,
      match: [`${serviceUrl}/hospital`],
      identity: {
        ins: '[data-identity="ins"]',
        birthName: '[data-identity="birth-name"]',
        usedName: '[data-identity="used-name"]',
        givenName: '[data-identity="given-name"]',
        birthDate: '[data-identity="birth-date"]',
        sex: '[data-identity="sex"]',
      },
    },
  ];
}
