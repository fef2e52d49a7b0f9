import { describe, expect, it } from "vitest";
import { openBundle } from "./bundle.ts";

const base64 = (bytes: ArrayBuffer) => Buffer.from(bytes).toString("base64");
const adapter = {
  id: "outil",
  version: 1,
  match: ["https://outil.example"],
  identity: { ins: "#ins" },
  health: [],
  documents: [],
};

async function signer() {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const publicKey = base64(await crypto.subtle.exportKey("spki", keys.publicKey));
  const sign = async (payload: string) => {
    const bytes = new TextEncoder().encode(payload);
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, bytes);
    return JSON.stringify({ payload, signature: base64(signature) });
  };
  return { publicKey, sign };
}

describe("a signed bundle of adapters", () => {
  const payload = JSON.stringify({ adapters: [adapter] });

  it("is taken when the hospital's key signed it, and only then", async () => {
    const [hospital, other] = [await signer(), await signer()];
    const bundle = await hospital.sign(payload);
    expect(await openBundle(bundle, hospital.publicKey)).toEqual([adapter]);
    expect(await openBundle(bundle, other.publicKey)).toBeUndefined();
    // One letter of a selector changed after the signature.
    expect(await openBundle(bundle.replace("#ins", "#inz"), hospital.publicKey)).toBeUndefined();
  });

  it.each([
    ["is not JSON", "<adapters>", undefined],
    ["has no signature", JSON.stringify({ payload }), undefined],
    ["has an adapter that is none", undefined, JSON.stringify({ adapters: [{ ...adapter, match: "everywhere" }] })],
  ])("is refused whole when it %s", async (_, text, signed) => {
    const hospital = await signer();
    expect(await openBundle(text ?? (await hospital.sign(signed ?? "")), hospital.publicKey)).toBeUndefined();
    expect(await openBundle(await hospital.sign(payload), "not a key")).toBeUndefined();
  });
});
