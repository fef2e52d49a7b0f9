/**
 * Answers that are being written, by exchange. Going to another section, or to the other language, and back must not lose
 * them. In the page's memory only: they go with it.
 */
const drafts = new Map<string, string>();

export const draftOf = (exchangeId: string): string => drafts.get(exchangeId) ?? "";

export function keepDraft(exchangeId: string, text: string): void {
  if (text.trim()) drafts.set(exchangeId, text);
  else drafts.delete(exchangeId);
}

export const hasDrafts = (): boolean => drafts.size > 0;
