import { expect, test } from "vitest";
import { resourceText } from "./resource-text.ts";

test("a resource is kept in ASCII alone and is read back as it was, whatever it says", () => {
  const resource = { title: "Opéré « hier » — 36 °C", note: "𝄞 \u2028 \ud83d \\u00e9 \n", Élève: ["ÿ", "日本"] };
  const text = resourceText(resource);
  expect(text).toMatch(/^[\0-\x7f]*$/);
  expect(JSON.parse(text)).toEqual(resource);
});
