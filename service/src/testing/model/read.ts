/** One reading: the answer holds what the model grants, and a hidden document answers as one that never was. */
import { patients } from "../people.ts";
import { pick, type StepOf } from "./moves.ts";
import { type Reading, readings } from "./readings.ts";
import { type ModelDocument, mayConsult, mayKnow, visibleDocuments } from "./record-model.ts";
import { type Answer, type Place, type WatchedCarnet, wordsOf } from "./watched-carnet.ts";

export async function read(watched: WatchedCarnet, at: Place, step: StepOf<"read">): Promise<void> {
  const reading = pick(readings, step.reading);
  const now = watched.carnet.now().getTime();
  const visible = visibleDocuments(at.record, at.person, at.mode, now);
  const target = at.record.documents.length > 0 ? pick(at.record.documents, step.document) : undefined;
  const context = { patient: patients[at.name], recordId: await watched.recordId(at.name), target, at };
  const path = reading.path(context);
  if (path === undefined) return;
  const words = target ? wordsOf(target).filter((word) => path.includes(encodeURIComponent(word))) : [];
  const answer = await watched.ask(at, path, initOf(reading), words);
  const isAllowed = mayConsult(at.record, at.person, at.mode, now);
  reading.check?.({ ...context, answer, visible, isAllowed });
  if (answer.status === 200) watched.seen.granted.set(reading.name, (watched.seen.granted.get(reading.name) ?? 0) + 1);
  await sameAsAbsent(watched, at, reading, target, visible, answer);
}

/** Hidden equals absent: the same address with an id that never was answers the same, byte for byte. */
async function sameAsAbsent(
  watched: WatchedCarnet,
  at: Place,
  reading: Reading,
  target: ModelDocument | undefined,
  visible: readonly ModelDocument[],
  answer: Answer,
): Promise<void> {
  if (!reading.isOfOneDocument || !target || visible.includes(target)) return;
  if (mayKnow(at.record, at.person, at.mode, target, watched.carnet.now().getTime())) return;
  const absent = {
    ...target,
    id: target.id.slice(0, 32) + "0".repeat(32),
    uniqueId: "urn:oid:1.2.250.1.999.9",
    title: target.title.replace("zq", "zr"),
    substance: target.substance.replace("zq", "zr"),
  };
  const path = reading.path({
    patient: patients[at.name],
    recordId: await watched.recordId(at.name),
    target: absent,
    at,
  });
  if (path === undefined) return;
  const same = await watched.ask(at, path, initOf(reading), []);
  const plain = ({ status, body }: Answer, document: ModelDocument) =>
    wordsOf(document)
      .reduce(
        (text, word, index) => text.replaceAll(word, `W${index}`).replaceAll(encodeURIComponent(word), `W${index}`),
        `${status} ${body}`,
      )
      // Searched words are sealed for the address of the next page.
      .replace(/_content=sealed%3A[^"&]+/g, "_content=SEALED")
      .replace(/"resourceType":"Bundle","id":"[^"]+","meta":\{"lastUpdated":"[^"]+"/, "");
  if (plain(same, absent) !== plain(answer, target)) {
    throw new Error(`hidden differs from absent: ${answer.about}\n${answer.body}\n${same.status} ${same.body}`);
  }
}

const initOf = ({ method }: Reading): RequestInit => (method ? { method, body: "{}" } : {});
