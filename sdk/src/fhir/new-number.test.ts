import { describe, expect, it } from "vitest";
import { numberForm } from "./new-number.ts";

describe("a form that is sent again", () => {
  const message = (text: string, byte: number) => ({ text, attachments: [{ bytes: new Uint8Array([1, byte, 3]) }] });

  it("keeps its number while it says the same, and gets another for each change, of one byte of a file too", () => {
    const numberOf = numberForm();
    const first = numberOf(message("Bonjour", 2));
    expect(numberOf(message("Bonjour", 2))).toBe(first);
    const numbers = [first, numberOf(message("Bonsoir", 2)), numberOf(message("Bonsoir", 9)), numberForm()("Bonjour")];
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toMatch(/^urn:oid:2\.25\.\d+$/);
  });
});
