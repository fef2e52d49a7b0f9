/** Bodies in JSON: whatever stands in them, what is read is what the parser alone would read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64Bytes, EncodedContent } from "../admission/index.ts";
import { decodeBase64 } from "../admission/primitives.ts";
import { parseJsonBody } from "./json-body.ts";
import { WireError } from "./outcome.ts";

/** What a reading gives: the value, with contents as their text, or a refusal. */
function readingOf(body: Buffer, holdsContents: boolean): unknown {
  try {
    return { json: asText(parseJsonBody(body, holdsContents)) };
  } catch (error) {
    if (error instanceof WireError) return { status: error.status, issues: error.issues };
    throw error;
  }
}

function asText(value: unknown): unknown {
  if (value instanceof EncodedContent) return value.toJSON();
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asText(one)]));
}

const longBase64 = fc
  .integer({ min: 3000, max: 3200 })
  .map((length) => Buffer.alloc(length, "Ça va ? 0123456789>?~").toString("base64"));
/** Strings that resemble contents, each in its own way. */
const nearlyBase64 = fc
  .tuple(
    longBase64,
    fc.constantFrom("-", "_", " ", "=", "é", '"', "\\", "\n", "\0", "\ud800", "!", "\u{1f600}"),
    fc.nat(),
  )
  .map(([text, odd, at]) => {
    const place = at % text.length;
    return text.slice(0, place) + odd + text.slice(place + 1);
  });
const value = fc.oneof(
  longBase64,
  nearlyBase64,
  longBase64.map((text) => text.slice(0, -1)),
  fc.string({ unit: "binary" }),
  fc.constantFrom('"data":"', 'x"data', "data", "carnet-content-", "\\", '\\"data":'),
);
const key = fc.oneof(fc.constantFrom("data", "data", 'a"data', "datas", "__proto__", '"data"'), fc.string());
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    value,
    fc.json().map((text): unknown => JSON.parse(text)),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("tree")), { maxLength: 4 }).map((entries): unknown => Object.fromEntries(entries)),
  ),
}));

test("any JSON is read as the parser alone reads it, with its contents decoded", () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
      const body = Buffer.from(JSON.stringify(json, null, indent));
      expect(readingOf(body, true)).toEqual(readingOf(body, false));
    }),
    { numRuns: 300 },
  );
});

test("damaged JSON is refused, or read, as the parser alone does", () => {
  const damage = fc.constantFrom("", '"', "\\", ":", ",", "{", "}", "[", "]", "é", '"data":"', '"data"', "\xff", "\n");
  fc.assert(
    fc.property(
      tree,
      fc.array(fc.tuple(fc.nat(), damage, fc.nat({ max: 3 })), { minLength: 1, maxLength: 3 }),
      (json, all) => {
        let body = Buffer.from(JSON.stringify({ data: json, also: { data: "QUJD".repeat(1100) } }));
        for (const [at, sign, length] of all) {
          // Signs matter most where the structure is: half of the damage goes to the beginning or the end.
          const place = at % 2 === 0 ? at % body.length : Math.max(0, body.length - 1 - (at % 60));
          body = Buffer.concat([body.subarray(0, place), Buffer.from(sign, "latin1"), body.subarray(place + length)]);
        }
        expect(readingOf(body, true)).toEqual(readingOf(body, false));
      },
    ),
    { numRuns: 500 },
  );
});

describe("a long content", () => {
  const text = Buffer.alloc(300_001, "contenu ").toString("base64");

  test.each([
    ["where it stands alone", `{"data":"${text}"}`],
    ["with blanks around its colon", `{"a":1,"data" \r\n:\t "${text}","z":[]}`],
    ["in the depth of arrays", `[[{"x":{"data":"${text}"}}]]`],
  ])("%s is decoded without having been a text", (_name, body) => {
    const found: EncodedContent[] = [];
    const search = (node: unknown): void => {
      if (node instanceof EncodedContent) found.push(node);
      else if (typeof node === "object" && node !== null) Object.values(node).forEach(search);
    };
    const json = parseJsonBody(Buffer.from(body), true);
    search(json);
    expect(found.map(({ bytes }) => Buffer.from(bytes).toString("base64"))).toEqual([text]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(JSON.parse(body));
  });

  test.each([
    ["under another name", { data: `{"dates":"${text}"}` }],
    ["with an escaped sign in it", { data: `{"data":"${text.slice(0, 4000)}\\u0041${text.slice(4001)}"}` }],
    ["with white space in it", { data: `{"data":"${text.slice(0, 4000)} ${text.slice(4000)}"}` }],
  ])("%s is left to the parser", (_name, { data }) => {
    expect(parseJsonBody(Buffer.from(data), true)).toEqual(JSON.parse(data));
  });

  test("of two with one name the last is kept", () => {
    const json = parseJsonBody(Buffer.from(`{"data":"${"QUJD".repeat(2000)}","data":"${text}"}`), true);
    expect(asText(json)).toEqual({ data: text });
  });

  test("inside a string of the JSON is no content", () => {
    const quoted = JSON.stringify({ note: `{"data":"${text}"}` });
    expect(parseJsonBody(Buffer.from(quoted), true)).toEqual(JSON.parse(quoted));
  });

  test("does not let a NUL or half a character beside it through", () => {
    for (const bad of ["\\u0000", "\\ud800"]) {
      expect(readingOf(Buffer.from(`{"data":"${text}","title":"a${bad}"}`), true)).toMatchObject({ status: 400 });
    }
  });
});

test("bytes of base64 are decoded exactly when their text is", () => {
  const same = (text: string) => {
    const fromText = /\s/.test(text) ? undefined : decodeBase64(text);
    const fromBytes = decodeBase64Bytes(Buffer.from(text, "latin1"));
    expect(fromBytes === undefined).toBe(fromText === undefined);
    if (fromBytes && fromText) expect(Buffer.compare(fromBytes, fromText)).toBe(0);
  };
  const sign = fc.constantFrom(..."ABQZabz019+/=-_ é!");
  fc.assert(fc.property(fc.string({ unit: sign, maxLength: 12 }), same), { numRuns: 2000 });
  // Around the length that is decoded at a time.
  const long = fc
    .tuple(fc.integer({ min: 49_100, max: 49_200 }), fc.nat({ max: 65_700 }), sign)
    .map(([length, at, odd]) => {
      const text = Buffer.alloc(length, 7).toString("base64");
      return text.slice(0, at) + odd + text.slice(at + 1);
    });
  fc.assert(fc.property(long, same), { numRuns: 60 });
});
