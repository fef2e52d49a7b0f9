/** The life of a record, read from its Patient: open, closed, suspended; until when it is kept. R15 to R21. */
import { extensionUrl, type Patient } from "@carnet/sdk/fhir";

export interface Life {
  readonly state: "open" | "closed" | "suspended";
  readonly closedOn?: string;
  readonly reason?: string;
  readonly suspendedSince?: string;
  /** When the person asked for the deletion (R20). */
  readonly deletionAsked?: string;
  /** When all goes: at the end of the archive, or sooner when it was asked for. */
  readonly destroyedOn?: string;
}

export function lifeOf({ active, extension = [] }: Patient): Life {
  const find = (url: string, among = extension) => among.find((one) => one.url === url);
  const closure = find(extensionUrl.closure)?.extension ?? [];
  const closedOn = find("dateFermeture", closure)?.valueDateTime;
  const reason = find("raisonFermeture", closure)?.valueString;
  const suspendedSince = find(extensionUrl.suspendedSince)?.valueDateTime;
  const deletionAsked = find(extensionUrl.deletionRequested)?.valueDateTime;
  const destroyedOn = find(extensionUrl.destroyedOn)?.valueDateTime;
  return {
    state: active !== false ? "open" : closedOn ? "closed" : "suspended",
    ...(closedOn && { closedOn }),
    ...(reason && { reason }),
    ...(suspendedSince && { suspendedSince }),
    ...(deletionAsked && { deletionAsked }),
    ...(destroyedOn && { destroyedOn }),
  };
}
