/** Types a letter as plain text: what comes out of machines and old printers. */
import { professionalName } from "../professionals.ts";
import { civilName, longDate, printedIns, shortDate } from "./french.ts";
import type { Letter, LetterBlock } from "./letter.ts";

const columnWidth = 26;

/** The letter as lines of text, identity included. */
export function typeLetter(letter: Letter): string {
  const { person, author } = letter;
  const structure = letter.structure ?? author.structure;
  return [
    structure.name,
    ...(letter.unit ? [letter.unit] : []),
    "",
    letter.title.toUpperCase(),
    longDate(letter.date),
    "",
    `${civilName(person)}, ${person.sex === "female" ? "née" : "né"} ${person.birthName} le ${shortDate(person.birthDate)}`,
    `INS : ${printedIns(person.ins.value)} (NIR de test)`,
    "",
    ...letter.body.flatMap(typeBlock),
    "",
    professionalName(author),
    "",
  ].join("\n");
}

function typeBlock(block: LetterBlock): readonly string[] {
  switch (block.kind) {
    case "heading":
      return ["", block.text.toUpperCase()];
    case "text":
      return block.text.split("\n");
    case "list":
      return block.items.map((item) => `- ${item}`);
    case "table":
      return [block.columns, ...block.rows].map((row) =>
        row
          .map((cell) => cell.padEnd(columnWidth))
          .join("")
          .trimEnd(),
      );
  }
}
