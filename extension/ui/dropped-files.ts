import { admit, type CapturedFile } from "../capture/admit.ts";
import { maximumBytes } from "../capture/fetch-document.ts";
import { Problem } from "../shared/problem.ts";
import type { DroppedFile, PanelPorts } from "./panel-ports.ts";

/** Files dropped on the panel or chosen, as the one document that they are: several images become one. */
export async function fileOfDropped(
  dropped: readonly DroppedFile[],
  ports: Pick<PanelPorts, "imagesToPdf">,
): Promise<CapturedFile> {
  const files = await Promise.all(dropped.map(read));
  const [first, second] = files;
  if (first === undefined) throw new Problem("capture-empty");
  if (second === undefined) return first;
  if (files.some(({ kind }) => kind !== "image" && kind !== "jpeg")) throw new Problem("capture-several-files");
  return admit(await ports.imagesToPdf(files), ["application/pdf"], first.fileName);
}

async function read(file: DroppedFile): Promise<CapturedFile> {
  if (file.size > maximumBytes) throw new Problem("capture-too-large");
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    // A folder, or a file that was moved or changed since it was chosen.
    throw new Problem("capture-unreadable-file", { cause });
  }
  return admit(bytes, [file.type], file.name);
}
