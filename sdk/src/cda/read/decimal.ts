/** A decimal as JSON number, comma and blanks between thousands those of French; `undefined` when it is not one. */
export function decimal(written: string | undefined): number | undefined {
  // Nearly all numbers of a document are written so.
  if (written !== undefined && plainNumber.test(written)) return Number(written);
  const value = written?.replace(/(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "");
  if (value === undefined || !/^[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?$/.test(value)) return undefined;
  const number = Number(value.replace(",", "."));
  return Number.isFinite(number) ? number : undefined;
}

/** What most numbers are written as. */
export const plainNumber = /^-?\d{1,15}(?:\.\d{1,15})?$/;
