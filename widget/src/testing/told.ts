import { english } from "../shared/english.ts";
import { learn } from "../shared/languages.ts";
import { sharedStrings } from "../shared/strings.ts";
import type { SectionContext } from "../summary/context.ts";
import { furtherDetails } from "../summary/further-details.ts";
import { summaryStrings } from "../summary/strings.ts";

learn(english);

/** What the panel says beside the row of an entry, with plain spaces. */
export const told = (resource: object, locale = "fr") =>
  furtherDetails(
    { say: summaryStrings(locale), shared: sharedStrings(locale), locale } as SectionContext,
    resource,
  ).replaceAll("\u00a0", " ");
