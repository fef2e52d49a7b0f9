import * as v from "valibot";
import { fromBase64 } from "../shared/bytes.ts";
import { type Adapter, adapterSchema } from "./adapter.ts";

/** A file of adapters: their JSON as text, and its signature (ECDSA on P-256 over SHA-256, 64 bytes) by the hospital. */
const bundleSchema = v.object({ payload: v.string(), signature: v.string() });
const payloadSchema = v.object({ adapters: v.pipe(v.array(adapterSchema), v.maxLength(200)) });

/**
 * The adapters of a signed bundle, once its signature is the hospital's. Nothing of it is read before.
 * @param publicKey of the managed policy: SubjectPublicKeyInfo in base64
 * @returns undefined when it is not a bundle, not signed by this key, or holds an adapter that is none
 */
export async function openBundle(text: string, publicKey: string): Promise<readonly Adapter[] | undefined> {
  try {
    const { payload, signature } = v.parse(bundleSchema, JSON.parse(text));
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("spki", fromBase64(publicKey), algorithm, false, ["verify"]);
    const isSigned = await crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      key,
      fromBase64(signature),
      new TextEncoder().encode(payload),
    );
    return isSigned ? v.parse(payloadSchema, JSON.parse(payload)).adapters : undefined;
  } catch {
    // Not JSON, not base64, not a key: whatever it is, it is not taken.
    return undefined;
  }
}
