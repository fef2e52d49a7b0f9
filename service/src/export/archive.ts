/**
 * A ZIP as a stream, file after file: a file is opened when its turn comes, so that a record of thousands of documents
 * is never in memory. Files are stored as they are: the size of the whole is known before the first byte, and a progress
 * can be exact.
 */
import { PassThrough, Readable } from "node:stream";
import { ZipFile } from "yazl";

/** A file of the archive: its bytes at hand, or where to get them when its turn comes. */
export type ArchiveFile = {
  readonly path: string;
  /** Date of the file. */
  readonly at: Date;
} & ({ readonly bytes: Buffer } | { readonly size: number; open(): Promise<Buffer> });

export interface Archive {
  /** Bytes of the whole archive. */
  readonly size: number;
  /** Ends with an error, never early, when a file cannot be read whole. */
  readonly stream: Readable;
}

export function makeArchive(files: readonly ArchiveFile[]): Archive {
  const zip = new ZipFile();
  const stream = new PassThrough();
  zip.on("error", (error) => stream.destroy(error));
  let size: number | undefined;
  for (const file of files) {
    const options = { compress: false, mtime: file.at, mode: 0o100600 };
    if ("bytes" in file) zip.addBuffer(file.bytes, file.path, options);
    else {
      zip.addReadStreamLazy(file.path, { ...options, size: file.size }, (give) => {
        // Whoever stopped listening is sent nothing more.
        if (stream.destroyed) return;
        file.open().then(
          (bytes) => give(null, Readable.from([bytes], { objectMode: false })),
          (error: unknown) =>
            stream.destroy(error instanceof Error ? error : new Error("a document could not be read")),
        );
      });
    }
  }
  // Its types leave out the argument of this function.
  zip.end({ forceZip64Format: isLargeDirectory(files), comment: "" }, (...[total]: number[]) => {
    size = total;
  });
  if (size === undefined || size < 0) throw new Error("the size of the archive is not known");
  zip.outputStream.pipe(stream);
  return { size, stream };
}

/** Most bytes of a file in the directory at the end of a ZIP, without its path. */
const DIRECTORY_ENTRY_BYTES = 46 + 9 + 28;

/**
 * From some five hundred files on yazl 3.3.1 announces the size of a 64-bit ending and writes the short one: a download that
 * is whole would pass for one that broke off. Both are the long one where the directory comes near that length.
 */
function isLargeDirectory(files: readonly ArchiveFile[]): boolean {
  const bytes = files.reduce((sum, { path }) => sum + Buffer.byteLength(path) + DIRECTORY_ENTRY_BYTES, 0);
  return bytes >= 0xffff;
}
