import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { wrapInCda } from "../cda/index.ts";
import { run } from "./program.ts";

interface Given {
  readonly signal?: AbortSignal;
  readonly heard?: (text: string) => void;
  readonly stdin?: string;
  readonly stdout?: Writable & { isTTY?: boolean };
}

/** One command line, run to its end inside this process; piped unless `stdout` says otherwise. */
export async function carnet(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { signal = new AbortController().signal, heard = (_text: string) => {}, stdin = "", ...given }: Given = {},
) {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        heard(written[name]);
        done();
      },
    });
  const input = (async function* () {
    yield stdin;
  })();
  const streams = { stdin: input, stdout: given.stdout ?? to("stdout"), stderr: to("stderr") };
  const code = await run(words, { environment, ...streams, signal });
  return { code, ...written };
}

/** A server of this machine, closed after the test. */
export async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The fictitious patient of the letters. */
export const ins = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" };
export const letterId = (number: number) => `urn:oid:1.2.250.1.999.7.${number}`;

/** A letter as a CDA, whose header says which other one it replaces. */
export function letter(number: number, replaces?: number): string {
  return wrapInCda({
    content: new TextEncoder().encode("Bonjour"),
    contentType: "text/plain",
    title: "Lettre",
    uniqueId: letterId(number),
    ...(replaces === undefined ? {} : { replaces: letterId(replaces) }),
    effectiveTime: "2026-03-02T09:30:00+01:00",
    type: { code: "11488-4", system: "http://loinc.org", display: "CR ou fiche de consultation ou de visite" },
    act: { start: "2026-03-02T09:00:00+01:00" },
    patient: {
      ins,
      birthName: "MARTIN",
      firstGivenName: "CAMILLE",
      birthGivenNames: ["CAMILLE"],
      sex: "female",
      birthDate: "1979-03-12",
      birthPlaceCode: "51215",
    },
    author: {
      rpps: "810000000001",
      family: "LEROY",
      given: "ANNE",
      profession: "G15_10",
      specialty: "SM04",
      organization: { id: "1750000001", name: "CHU", facilityType: "SA01", practiceSetting: "ETABLISSEMENT" },
    },
  });
}
