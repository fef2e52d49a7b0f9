/**
 * A number that the sender gives to what it makes (`identifier`): sent again after an answer that got lost, a message, a
 * report or an appointment is there once. The id is derived from the number, hence no two of them can be kept.
 */
import { randomUUID } from "node:crypto";
import type { Identifier } from "@carnet/sdk/fhir";
import * as v from "valibot";
import { duplicateOf } from "../store/documents.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";
import { numberedId } from "./ids.ts";
import { WireError } from "./outcome.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(300));

/** One identifier, kept as it was sent. */
export const senderNumber = v.optional(v.strictTuple([v.object({ system: v.optional(text), value: text })]));
export type SenderNumber = v.InferOutput<typeof senderNumber>;

/** The id of what the caller makes: of one number always the same, and another for every other sender. */
export function idFor(kind: string, record: OpenRecord, number: SenderNumber): string {
  if (!number) return randomUUID();
  const [{ system = "", value }] = number;
  return numberedId(JSON.stringify([kind, record.id, actorKey(record.caller.actor), system, value]));
}

/** The number on the wire. */
export function numberOf(number: SenderNumber): { readonly identifier?: Identifier[] } {
  if (!number) return {};
  const [{ system, value }] = number;
  return { identifier: [{ ...(system === undefined ? {} : { system }), value }] };
}

export interface KeptOnce<T> {
  readonly kept: T;
  /** False: it was there, under the same number. */
  readonly isNew: boolean;
}

/** @returns the refusal of a number that stands for something else */
export function otherContent(expression = "Communication.identifier"): WireError {
  return new WireError(409, [
    {
      code: "duplicate",
      fr: "Ce numéro a déjà servi pour un autre contenu.",
      en: "This number was used for another content.",
      expression,
    },
  ]);
}

/** Keeps what is not there yet under its number; of two requests at once, one does. */
export async function keepOnce<T>(
  number: SenderNumber,
  find: () => Promise<T | undefined>,
  keep: () => Promise<T>,
): Promise<KeptOnce<T>> {
  const there = number ? await find() : undefined;
  if (there) return { kept: there, isNew: false };
  try {
    return { kept: await keep(), isNew: true };
  } catch (error) {
    const kept = number && duplicateOf(error) ? await find() : undefined;
    if (!kept) throw error;
    return { kept, isNew: false };
  }
}
