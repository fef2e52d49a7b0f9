/** Commands that change a record. */
import { readFile } from "node:fs/promises";
import { decodeCda } from "../../cda/index.ts";
import type { DepositInput, Receipt } from "../../client/types.ts";
import { prepare } from "../feed/prepare.ts";
import { Refusal } from "../feed/refusal.ts";
import { findFormer } from "../feed/send.ts";
import { createProgress } from "../progress.ts";
import type { CommandContext } from "./context.ts";

/** Deposits the file, as a new version of `former` when it is given. The checks are those of `watch`. */
export async function depositCommand(
  context: CommandContext,
  ins: string,
  file: string,
  options: { readonly side?: string; readonly former?: string },
): Promise<void> {
  const { io } = context;
  const side = options.side ? await readFile(options.side) : undefined;
  const { content, replaces, visibility, acknowledgeSensitive } = prepare(await readFile(file), side);
  const input: DepositInput = {
    kind: "cda",
    xml: decodeCda(content),
    content,
    ...(visibility ? { visibility } : {}),
  };
  const progress = createProgress(io);
  const call = {
    signal: io.signal,
    onProgress: ({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes?: number }) =>
      progress.at(doneBytes, totalBytes),
    ...(acknowledgeSensitive ? { acknowledgeSensitive } : {}),
  };
  const record = await context.record(ins);
  // Deposited alone, a version that says what it replaces would stand beside it, both of them current.
  const former = options.former ?? (replaces && (await findFormer(record, replaces)));
  if (replaces && !former) throw new Refusal("former-unknown", { place: "replaces" });
  const receipt = await (former === undefined
    ? record.deposit(input, call)
    : record.replace(former, input, call)
  ).finally(() => progress.end());
  showReceipt(context, receipt);
}

function showReceipt({ output, strings }: CommandContext, receipt: Receipt): void {
  output.facts(receipt, [
    [strings.facts.document, receipt.id],
    [strings.facts.receivedAt, receipt.receivedAt],
    [strings.facts.already, receipt.alreadyInRecord ? strings.yes : strings.no],
  ]);
}

export interface HideOptions {
  readonly show?: boolean;
  readonly patient?: boolean;
  readonly representatives?: boolean;
}

/** Professionals by default; `--patient` and `--representatives` name the others. */
export async function hideCommand(context: CommandContext, ins: string, id: string, options: HideOptions) {
  const record = await context.record(ins);
  const call = { signal: context.io.signal };
  const isShown = options.show === true;
  const document =
    options.patient || options.representatives
      ? await record.setPatientVisibility(
          id,
          {
            ...(options.patient ? { patient: isShown } : {}),
            ...(options.representatives ? { representatives: isShown } : {}),
          },
          call,
        )
      : await (isShown ? record.show(id, call) : record.hide(id, call));
  const { isHidden, isInvisibleToPatient, isInvisibleToRepresentatives } = document;
  const json = { id: document.id, isHidden, isInvisibleToPatient, isInvisibleToRepresentatives };
  context.output.facts(json, [[context.strings.facts.document, document.id]]);
}
