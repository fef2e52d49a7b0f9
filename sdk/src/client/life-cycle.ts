import type { ParametersParameter, Patient } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import { parseResource } from "../fhir/resources.ts";
import type { RecordContext } from "./context.ts";
import { operate, readPatient } from "./wire.ts";

/** TD1.4 (R15, R16): see `RecordHandle.close`. */
export function close(
  context: RecordContext,
  options: CallOptions & { readonly motive?: string; readonly reason?: string } = {},
): Promise<Patient> {
  const { motive, reason, ...call } = options;
  const parameter: ParametersParameter[] = [
    ...(motive ? [{ name: "motive", valueCode: motive }] : []),
    ...(reason ? [{ name: "reason", valueString: reason }] : []),
  ];
  return onRecord(context, "close", parameter.length > 0 ? parameter : undefined, call);
}

/** TD1.2 (R21): see `RecordHandle.reactivate`. */
export function reactivate(context: RecordContext, options: CallOptions = {}): Promise<Patient> {
  return onRecord(context, "reactivate", undefined, options);
}

/** R20: see `RecordHandle.requestDeletion`. */
export function requestDeletion(context: RecordContext, options: CallOptions = {}): Promise<Patient> {
  return onRecord(context, "request-deletion", undefined, options);
}

/** R18: see `RecordHandle.objectToSuspension`. */
export function objectToSuspension(context: RecordContext, options: CallOptions = {}): Promise<Patient> {
  return onRecord(context, "object", undefined, options);
}

/** R7, R10: see `RecordHandle.open`. */
export async function open(
  context: RecordContext,
  options: CallOptions & { readonly isAttested?: boolean } = {},
): Promise<Patient> {
  const { isAttested, ...call } = options;
  const parameter = isAttested ? [{ name: "attestation", valueBoolean: true }] : [];
  const body = await operate(context, "Patient/$open", [identifier(context), ...parameter], {
    isIdempotent: true,
    ...call,
  });
  return parseResource(body, "Patient", "POST Patient/$open");
}

/** R3: see `RecordHandle.oppose`. */
export async function oppose(
  context: RecordContext,
  options: CallOptions & { readonly isConfirmed?: boolean } = {},
): Promise<void> {
  const { isConfirmed, ...call } = options;
  const parameter = isConfirmed ? [{ name: "confirmed", valueBoolean: true }] : [];
  await operate(context, "Patient/$oppose", [identifier(context), ...parameter], { isIdempotent: true, ...call });
}

async function onRecord(
  context: RecordContext,
  operation: string,
  parameter: readonly ParametersParameter[] | undefined,
  options: CallOptions,
): Promise<Patient> {
  const { id } = await readPatient(context, options);
  // Asked again of what is done already, each of them changes nothing.
  const body = await operate(context, `Patient/${id}/$${operation}`, parameter, { isIdempotent: true, ...options });
  return parseResource(body, "Patient", `POST Patient/[id]/$${operation}`);
}

function identifier(context: RecordContext): ParametersParameter {
  return { name: "identifier", valueIdentifier: { ...context.ins } };
}
