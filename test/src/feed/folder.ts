/** Files as an establishment drops them, and the command that feeds from their folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { wrapInCda } from "@carnet/sdk/cda";
import { newUniqueId } from "../support/carnet.ts";
import { consultationReport, type PatientOfDocument, pdfOf } from "../support/documents.ts";
import { checkout } from "../support/machine.ts";

/** A document to drop: its file, and the one beside it. */
export interface Dropped {
  readonly name: string;
  readonly uniqueId: string;
  readonly document: Uint8Array | string;
  readonly side?: string;
  readonly isGood: boolean;
}

/** A PDF with its side file; `change` goes into the side file. */
export function droppedPdf(name: string, patient: PatientOfDocument, change: object = {}): Dropped {
  const { content: _content, contentType: _type, ...header } = consultationReport(patient);
  const side = { ...header, title: `Consultation ${name}`, ...change };
  return {
    name: `${name}.pdf`,
    uniqueId: "uniqueId" in change ? String(change.uniqueId) : header.uniqueId,
    document: pdfOf(name),
    side: JSON.stringify(side),
    isGood: true,
  };
}

/** A CDA alone; `replaces` makes it a version. */
export function droppedCda(name: string, patient: PatientOfDocument, replaces?: string): Dropped {
  const uniqueId = newUniqueId();
  const input = consultationReport(patient, {
    uniqueId,
    title: `Consultation ${name}`,
    ...(replaces ? { replaces } : {}),
  });
  return { name: `${name}.xml`, uniqueId, document: wrapInCda(input), isGood: true };
}

/** Drops as programs do that know their trade: the side file first, the document under another name until it is whole. */
export function drop(folder: string, { name, document, side }: Dropped): void {
  mkdirSync(folder, { recursive: true });
  if (side !== undefined) writeFileSync(join(folder, `${name}.json`), side);
  writeFileSync(join(folder, `${name}.part`), document);
  renameSync(join(folder, `${name}.part`), join(folder, name));
}

/** What a command wrote and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `carnet` of this checkout as a process of its own. */
export function carnetCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly ended: Promise<Ended>; stdout(): string } {
  const entry = join(checkout, "sdk", "dist", "cli", "main.js");
  const child = spawn(process.execPath, [entry, ...words], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end();
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
  return { child, ended, stdout: () => stdout };
}

/** Documents (neither side files, receipts nor reasons) in a folder. */
export function documentsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(pdf|xml)$/.test(name))
    .sort();
}

/** Waits for what another process does. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 40_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("it did not come about within 40 s");
    await setTimeout(50);
  }
}
