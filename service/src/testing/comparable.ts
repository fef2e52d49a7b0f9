/** Two answers side by side: what they say, without what differs from one instant to the next. */

/** A text with a word in place of each value that the word stands for, as it is and as an address holds it. */
export function inWords(text: string, named: Readonly<Record<string, string>>): string {
  let told = text;
  for (const [word, value] of Object.entries(named)) {
    for (const form of [value, encodeURIComponent(value)]) told = told.replaceAll(form, word);
  }
  return told;
}

/** Status, headers and body of an answer. `named`: words of the question, put in place of each value they stand for. */
export async function comparable(answer: Response, named: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const headers = [...answer.headers].filter(
    ([name]) => !/^(date|x-request-id|content-length|x-ratelimit.*)$/.test(name),
  );
  return [
    answer.status,
    Object.fromEntries(headers),
    inWords(await answer.text(), named)
      .replace(/("resourceType":"Bundle","id":)"[0-9a-f-]{36}"/, '$1"ANY"')
      .replace(/"(lastUpdated|timestamp|recorded|date|valueInstant)":"[^"]*"/g, '"$1":"TIME"')
      .replace(/(\/position","valueString":)"[\w-]{43}"/, '$1"ANY"')
      .replace(/urn:uuid:[0-9a-f-]{36}/g, "urn:uuid:ANY"),
  ];
}
