/** A number for a document that is made here: `urn:oid:2.25.` and a random UUID as an integer (ITU-T X.667). */
export const newUniqueId = (): string => `urn:oid:2.25.${BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`)}`;
