import { describe, expect, it } from "vitest";
import { bytesOfDataAddress } from "./data-address.ts";

const pdf = Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0xe9, 0x00, 0x2b]);

describe("a data: address", () => {
  it.each([
    ["base64", `data:application/pdf;base64,${Buffer.from(pdf).toString("base64")}`],
    [
      "base64 with a parameter and escapes",
      `data:application/pdf;name=a.pdf;base64,${encodeURIComponent(Buffer.from(pdf).toString("base64"))}`,
    ],
    ["escaped bytes", "data:application/pdf,%25PDF-%E9%00+"],
  ])("gives the bytes of %s, whatever they spell", (_, address) => {
    expect(bytesOfDataAddress(address)).toEqual({ bytes: pdf, type: "application/pdf" });
  });

  it.each(["data:application/pdf;base64", "data:application/pdf;base64,@@@", "https://outil.example/a.pdf"])(
    "is refused when it is none: %s",
    (address) => {
      expect(() => bytesOfDataAddress(address)).toThrow(expect.objectContaining({ code: "capture-gone" }));
    },
  );
});
