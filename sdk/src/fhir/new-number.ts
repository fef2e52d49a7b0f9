/**
 * A number that nothing else has, as an OID: for what its sender numbers (`MessageInput.number`), or a `uniqueId`. Works on
 * pages without TLS too, where browsers give no `crypto.randomUUID`.
 */
export function newNumber(): string {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return `urn:oid:2.25.${BigInt(`0x${digits.join("")}`)}`;
}

/**
 * Numbers for a form that stays on screen until the record has what it says: sent again unchanged it keeps its number, and
 * is there once; changed, it gets another. One for each form, and a new one once it was sent.
 */
export function numberForm(): (said: unknown) => string {
  let last: { readonly text: string; readonly number: string } | undefined;
  return (said) => {
    const text = JSON.stringify(said, (_name, value) => (value instanceof Uint8Array ? sumOf(value) : value));
    if (last?.text !== text) last = { text, number: newNumber() };
    return last.number;
  };
}

/** Of two versions of a file, of one length perhaps, the second would be refused as other content under a used number. */
function sumOf(bytes: Uint8Array): string {
  // FNV-1a: nobody gains by making two files alike, both are the person's own.
  return `${bytes.length} ${bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5)}`;
}
