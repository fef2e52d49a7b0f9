/** What the person decides about one document, each with its words and what takes it back. R119 to R123, R142 to R149. */
import type { DocumentEntry, RecordHandle } from "@carnet/sdk";
import { numberForm } from "@carnet/sdk/fhir";
import { askText } from "../../parts/ask-text.ts";
import { chooseCare, readKnownCare } from "../../parts/choose-care.ts";
import type { Keep, Question } from "../../parts/dialog.ts";
import { whoOf } from "../../parts/known-care.ts";
import type { Locale } from "../../strings.ts";
import type { Change } from "../../view.ts";
import type { DocumentChoice } from "./choices.ts";
import { restrictionsFor, restrictionsOf } from "./restrictions.ts";
import type { DocumentWords } from "./words.ts";

/** What an act needs of the list in which it was chosen. */
export interface ActingList {
  readonly words: DocumentWords;
  readonly locale: Locale;
  readonly cancel: string;
  readonly root: HTMLElement | DocumentFragment;
  confirm(question: Omit<Question, "cancel">): Promise<boolean>;
  change(change: Change): Promise<boolean>;
  changeByForm<T>(ask: (keep: Keep<T>) => Promise<unknown>, changeOf: (answer: T) => Change): Promise<boolean>;
  /** The document as the record keeps it now. */
  replace(changed: DocumentEntry): void;
  /** To the archive, or back from it. */
  moved(document: DocumentEntry, isArchived: boolean): void;
  gone(document: DocumentEntry): void;
}

export const titleOf = (document: DocumentEntry, words: DocumentWords) =>
  document.title || document.type.display || words.title();

/** Does what was chosen, asking first where that cannot be taken back. */
export function actOn(
  list: ActingList,
  record: RecordHandle,
  choice: DocumentChoice,
  document: DocumentEntry,
  signal: AbortSignal,
): Promise<unknown> {
  switch (choice.name) {
    case "hide":
    case "show":
      return hideOrShow(list, document);
    case "withhold":
      return withhold(list, record, document, signal);
    case "give-back":
      return giveBack(list, document, choice.consentId, choice.who);
    case "never":
      return neverInEmergency(list, document);
    case "hide-from-representatives":
    case "show-to-representatives":
      return forRepresentatives(list, document, choice.name === "show-to-representatives");
    case "archive":
    case "unarchive":
      return archive(list, document, choice.name === "archive");
    case "delete":
      return deleteDocument(list, document);
    case "report":
      return report(list, document);
  }
}

/** The button of each row: hides from every professional, or shows again. R142, R143. */
export async function hideOrShow(list: ActingList, document: DocumentEntry): Promise<void> {
  const { words } = list;
  const hides = !document.isHidden;
  const isSure = await list.confirm({
    title: hides ? words.hideTitle : words.showTitle,
    text: [titleOf(document, words), hides ? words.hideText : words.showText],
    action: hides ? words.hide : words.show,
  });
  if (!isSure) return;
  // Each change starts from what the one before made: an undo of the first entry would find nothing to do.
  let latest = document;
  const set = (isHidden: boolean) => async (record: RecordHandle, signal: AbortSignal) => {
    latest = await (isHidden ? record.hide(latest, { signal }) : record.show(latest, { signal }));
    list.replace(latest);
  };
  const said = (isHidden: boolean) => (isHidden ? words.hiddenDone : words.shownDone);
  await list.change({ run: set(hides), done: said(hides), undo: { run: set(!hides), done: said(!hides) } });
}

async function withhold(
  list: ActingList,
  record: RecordHandle,
  document: DocumentEntry,
  signal: AbortSignal,
): Promise<void> {
  const { words } = list;
  const known = await readKnownCare(record, signal).catch(() => undefined);
  if (!known) return;
  const who = await chooseCare(list.root, known, list.locale, {
    title: words.withholdTitle,
    text: words.withholdText,
    action: words.withhold,
    withStructures: true,
  });
  if (!who) return;
  await list.change({
    run: (record, signal) => record.withhold(document, whoOf(who), { signal }),
    done: words.withheld(who.name),
    undo: {
      run: async (record, signal) => {
        const { withheld } = restrictionsFor(restrictionsOf(await record.consents({ signal })), document.id);
        const consentId = withheld.find((one) => one.who.id === who.id)?.consentId;
        if (consentId) await record.withdraw(consentId, { signal });
      },
      done: words.givenBack(who.name),
    },
  });
}

function giveBack(
  list: ActingList,
  document: DocumentEntry,
  consentId: string,
  who: Parameters<typeof whoOf>[0],
): Promise<boolean> {
  const { words } = list;
  return list.change({
    run: (record, signal) => record.withdraw(consentId, { signal }),
    done: words.givenBack(who.name),
    undo: {
      run: (record, signal) => record.withhold(document, whoOf(who), { signal }),
      done: words.withheld(who.name),
    },
  });
}

async function neverInEmergency(list: ActingList, document: DocumentEntry): Promise<void> {
  const { words } = list;
  const isSure = await list.confirm({
    title: words.neverTitle,
    text: [titleOf(document, words), ...words.neverText],
    understood: words.neverUnderstood,
    action: words.neverAction,
    isDanger: true,
  });
  if (!isSure) return;
  await list.change({
    run: (record, signal) => record.withhold(document, "emergencies", { signal }),
    done: words.neverDone,
  });
}

function forRepresentatives(list: ActingList, document: DocumentEntry, isShown: boolean): Promise<boolean> {
  const { words } = list;
  let latest = document;
  const set = (representatives: boolean) => async (record: RecordHandle, signal: AbortSignal) => {
    latest = await record.setPatientVisibility(latest, { representatives }, { signal });
    list.replace(latest);
  };
  const said = (shown: boolean) => (shown ? words.representativesShown : words.representativesHidden);
  return list.change({
    run: set(isShown),
    done: said(isShown),
    undo: { run: set(!isShown), done: said(!isShown) },
  });
}

function archive(list: ActingList, document: DocumentEntry, isArchived: boolean): Promise<boolean> {
  const { words } = list;
  let latest = document;
  const set = (archives: boolean) => async (record: RecordHandle, signal: AbortSignal) => {
    latest = await (archives ? record.archive(latest, { signal }) : record.unarchive(latest, { signal }));
    list.moved(latest, archives);
  };
  const said = (archives: boolean) => (archives ? words.archiveDone : words.unarchiveDone);
  return list.change({
    run: set(isArchived),
    done: said(isArchived),
    undo: { run: set(!isArchived), done: said(!isArchived) },
  });
}

async function deleteDocument(list: ActingList, document: DocumentEntry): Promise<void> {
  const { words } = list;
  const isSure = await list.confirm({
    title: words.deleteTitle,
    text: [titleOf(document, words), ...words.deleteText],
    understood: words.neverUnderstood,
    action: words.deleteAction,
    isDanger: true,
  });
  if (!isSure) return;
  await list.change({
    run: async (record, signal) => {
      await record.remove(document, { signal });
      list.gone(document);
    },
    done: words.deleteDone,
  });
}

async function report(list: ActingList, document: DocumentEntry): Promise<void> {
  const { words } = list;
  const question = {
    title: words.reportTitle,
    text: words.reportText,
    label: words.reportLabel,
    action: words.reportSend,
    cancel: list.cancel,
  };
  const about = { resourceType: "DocumentReference", id: document.id } as const;
  const numberOf = numberForm();
  await list.changeByForm<string>(
    (keep) => askText(list.root, question, keep),
    (text) => {
      const number = numberOf(text);
      return { run: (record, signal) => record.report(about, text, { number, signal }), done: words.reportDone };
    },
  );
}
