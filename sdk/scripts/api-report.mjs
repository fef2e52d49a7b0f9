/**
 * Writes what is public, from the declarations in `dist`: one report per entry of the package (`sdk/api/NAME.api.md`, where a
 * change of a signature is seen in review) and one page of reference (`docs/reference/NAME.md`, from the TSDoc).
 *
 * `node sdk/scripts/api-report.mjs [FOLDER]`: FOLDER instead of the checkout, for the test that compares.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CompilerState, Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const sdk = resolve(import.meta.dirname, "..");
const target = resolve(process.argv[2] ?? join(sdk, ".."));
const reports = join(target, "sdk", "api");
const references = join(target, "docs", "reference");
for (const folder of [reports, references]) mkdirSync(folder, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "carnet-api-"));

try {
  const { exports } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
  const entries = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  const configs = entries.map(([subpath, { types }]) => ({
    subpath,
    name: subpath === "." ? "sdk" : subpath.slice(2),
    config: configOf(subpath === "." ? "sdk" : subpath.slice(2), join(sdk, types)),
  }));
  // One compilation for all entries: they share most of their files.
  const compilerState = CompilerState.create(configs[0].config, {
    additionalEntryPoints: configs.map(({ config }) => config.mainEntryPointFilePath),
  });
  for (const { subpath, name, config } of configs) {
    extract(name, config, compilerState);
    writeFileSync(join(reports, `${name}.api.md`), readFileSync(join(work, `${name}.api.md`), "utf8"));
    const model = JSON.parse(readFileSync(join(work, `${name}.api.json`), "utf8"));
    writeFileSync(join(references, `${name}.md`), reference(subpath, model.members[0].members));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function configOf(name, entry) {
  const silent = { default: { logLevel: "none" } };
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: sdk,
      mainEntryPointFilePath: entry,
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2022",
            module: "nodenext",
            moduleResolution: "nodenext",
            lib: ["es2023", "dom", "dom.iterable"],
            strict: true,
            skipLibCheck: true,
            types: [],
          },
          files: [entry],
        },
      },
      apiReport: { enabled: true, reportFolder: work, reportTempFolder: work, reportFileName: `${name}.api.md` },
      docModel: { enabled: true, apiJsonFilePath: join(work, `${name}.api.json`) },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(sdk, "package.json"),
  });
}

function extract(name, config, compilerState) {
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    compilerState,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === "error") process.stderr.write(`${message.text}\n`);
    },
  });
  if (!succeeded) throw new Error(`the public interface of ${name} could not be read`);
}

/** One page: every public symbol of an entry, functions first. */
function reference(subpath, symbols) {
  const order = ["Function", "Class", "Interface", "TypeAlias", "Variable"];
  const sorted = [...symbols].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  const path = `@carnet/sdk${subpath.slice(1)}`;
  return `${[`# Reference: ${path}`, `\`import { … } from "${path}"\`. ${symbols.length} public symbols.`, ...sorted.map(symbol)].join("\n\n")}\n`;
}

function symbol(item) {
  const members = (item.members ?? []).filter(({ kind }) => kind !== "Constructor" || item.kind === "Class");
  return [
    `## ${item.name}`,
    `\`\`\`ts\n${signature(item)}\n\`\`\``,
    ...documentation(item.docComment),
    ...(members.length > 0 ? [members.map(member).join("\n")] : []),
  ].join("\n\n");
}

function member(item) {
  const [first = "", ...rest] = documentation(item.docComment);
  const text = [first, ...rest.filter((part) => !part.startsWith("```"))].join(" ").replace(/\s+/g, " ").trim();
  return `- \`${signature(item).replace(/\s+/g, " ").replace(/;$/, "")}\`${text ? `: ${text}` : ""}`;
}

function signature({ excerptTokens = [] }) {
  return excerptTokens
    .map(({ text }) => text)
    .join("")
    .replace(/^export (declare )?/, "")
    .trim();
}

/** Paragraphs of a doc comment; what follows a tag is a paragraph of its own. */
function documentation(comment = "") {
  const lines = comment
    .replace(/^\/\*\*|\*\/\s*$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""));
  const text = lines.join("\n").replace(/\{@link ([^}|]+)(?:\|[^}]*)?\}/g, "`$1`");
  const [summary = "", ...blocks] = text.split(/^@/m);
  const parts = blocks.map((block) => {
    const [, tag = "", rest = ""] = /^(\w+)\s*([\s\S]*)$/.exec(block) ?? [];
    const body = rest.trim();
    if (tag === "example") return body.includes("```") ? body : `\`\`\`ts\n${body}\n\`\`\``;
    if (tag === "throws") return `Throws ${body}`;
    if (tag === "returns") return `Returns ${body}`;
    if (tag === "param") return `\`${body.split(" ")[0]}\`: ${body.replace(/^\S+\s*-?\s*/, "")}`;
    return body;
  });
  return [summary.trim(), ...parts].filter(Boolean);
}
