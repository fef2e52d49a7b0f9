import { describe, expect, it } from "vitest";
import { decodeUtf8 } from "./decode.ts";

describe("CDA bytes to text", () => {
  it.each(["é", "\uFEFF<a/>", "<?xml version='1.0' encoding='UTF-8'?><a>œ</a>"])(
    "gives back the same bytes",
    (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(new TextEncoder().encode(decodeUtf8(bytes))).toEqual(bytes);
    },
  );
  it("refuses other encodings rather than change the document", () => {
    expect(() =>
      decodeUtf8(Uint8Array.from(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', "latin1"))),
    ).toThrow(expect.objectContaining({ code: "capture-encoding" }));
    expect(() => decodeUtf8(Uint8Array.of(0x3c, 0xff, 0xfe))).toThrow(
      expect.objectContaining({ code: "capture-encoding" }),
    );
  });
});
