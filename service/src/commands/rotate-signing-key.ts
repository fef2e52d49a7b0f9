/** `npm run rotate-signing-key`: a new key that signs tokens. Sessions, letters with a code and known devices stay good. */
import { loadConfig } from "../config.ts";
import { replaceSigningKey } from "../identity-provider/keys.ts";
import { openExistingStore } from "./offline.ts";

/** @returns a line to print. @throws StartRefused where there is no database; DirectoryInUse while a service has the embedded database open; Error saying what to type */
export async function rotateSigningKeyCommand(
  environment: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
): Promise<string> {
  const [word, ...others] = words;
  if (others.length > 0 || (word !== undefined && word !== "--at-once"))
    throw new Error("rotate-signing-key [--at-once]");
  const store = await openExistingStore(loadConfig(environment));
  try {
    const isReplaced = await replaceSigningKey(store.database, store.keys, word === undefined, new Date());
    if (!isReplaced) return "there is no signing key yet: the first start makes one";
    return word
      ? "the signing key is replaced, and tokens under the former one are refused: restart every service now"
      : "the signing key is replaced; tokens under the former one count until they expire: restart every service";
  } finally {
    await store.close();
  }
}
