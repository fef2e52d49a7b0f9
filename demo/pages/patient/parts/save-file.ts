/** Hands bytes to the browser's downloads: nothing is stored by the page. */
export function saveFile(bytes: Uint8Array | Blob, contentType: string, name: string): void {
  const blob = bytes instanceof Blob ? bytes : new Blob([bytes as Uint8Array<ArrayBuffer>], { type: contentType });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun once the event loop turned; some browsers read the address a little later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
