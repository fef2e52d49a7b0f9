/** The tool's host and the moment, and no more: an address can say who the patient is. */
export function provenanceOf({ host, now }: { readonly host: string; readonly now: Date }): string {
  const moment = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeStyle: "short" }).format(now);
  return `Page de ${host}, mise en PDF le ${moment}`;
}

/** What stands at the foot of page `page` (1 is the first) of `count`. */
export const footOf = (provenance: string, page: number, count: number): string => `${provenance} – ${page}/${count}`;

const foot = /Page de (?:\S+|ce poste), mise en PDF le [^\n]{1,60} \d+\/\d+/g;

/**
 * The words of the document alone. The foot is ours: the same page made a PDF a minute later is the same document, though its
 * foot says another moment.
 */
export const withoutProvenance = (text: string): string => text.replace(foot, "");
