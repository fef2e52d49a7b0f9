/** Reads the table of shapes once, into the form the walk needs. */

import { isPrimitiveType } from "./primitives.ts";
import { codeSets, shapes } from "./shapes.ts";

export interface ElementDefinition {
  /** Name without the type of a choice: `deceased` for `deceasedBoolean`. */
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
  readonly isPrimitive: boolean;
  /** Codes of a required binding. */
  readonly codes?: ReadonlySet<string>;
  /** Target types of a reference; empty means any. */
  readonly targets: readonly string[];
}

export interface Shape {
  readonly elements: ReadonlyMap<string, ElementDefinition>;
  readonly required: readonly string[];
  readonly isResource: boolean;
}

const withMark = /^(.*?)([!*+]?)$/;
const withArguments = /^(\w[\w.]*)(?::(\w+)|\(([^)]*)\))?$/;

function isCodeSet(name: string): name is keyof typeof codeSets {
  return Object.hasOwn(codeSets, name);
}

function readElement(name: string, description: string): [key: string, definition: ElementDefinition][] {
  const [, types = "", mark = ""] = withMark.exec(description) ?? [];
  const isChoice = name.endsWith("[x]");
  const base = isChoice ? name.slice(0, -3) : name;
  return types.split("|").map((described) => {
    const [, type = described, set, targets] = withArguments.exec(described) ?? [];
    if (set !== undefined && !isCodeSet(set)) throw new Error(`no code set ${set}`);
    return [
      isChoice ? base + type.charAt(0).toUpperCase() + type.slice(1) : base,
      {
        name: base,
        type,
        isList: mark === "*" || mark === "+",
        isPrimitive: isPrimitiveType(type),
        targets: targets ? targets.split(",") : [],
        ...(set === undefined ? {} : { codes: new Set<string>(codeSets[set]) }),
      },
    ];
  });
}

function compile(table: Readonly<Record<string, string>>): Shape {
  const rows = Object.entries(table);
  return {
    elements: new Map(rows.flatMap(([name, description]) => readElement(name, description))),
    required: rows.filter(([, description]) => /[!+]$/.test(description)).map(([name]) => name),
    isResource: "implicitRules" in table,
  };
}

const compiled: ReadonlyMap<string, Shape> = new Map(
  Object.entries(shapes).map(([name, table]) => [name, compile(table)]),
);

export function shapeOf(type: string): Shape {
  const shape = compiled.get(type);
  if (!shape) throw new Error(`no shape for ${type}`);
  return shape;
}

/** Resource types that the table describes. */
export function isKnownResource(type: unknown): type is string {
  return typeof type === "string" && compiled.get(type)?.isResource === true;
}
