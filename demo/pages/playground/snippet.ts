/** The code that a vendor copies: the page that is on screen, whole, with nothing to fill in. */
import type { PlaygroundWords } from "./words.ts";

export interface SnippetSettings {
  /** Where the demo answers, `http://127.0.0.1:8787`. */
  readonly origin: string;
  /** `system|value`. */
  readonly ins: string;
  /** Id of the account whose token is used. */
  readonly account: string;
  /** Attributes beside `base-url` and `ins`; those that have their default value are left out. An empty value is a flag. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly opensDocuments: boolean;
  /** Minutes until the session ends; `undefined` when the panel is not told. */
  readonly sessionMinutes: number | undefined;
}

/** How long a renewed session lasts here. */
export const renewedMinutes = 30;

const escaped = (value: string) => value.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

export function snippetOf(settings: SnippetSettings, say: PlaygroundWords): string {
  const { origin, ins, account, opensDocuments, sessionMinutes } = settings;
  const attributes = [["base-url", `${origin}/fhir`], ["ins", ins], ...settings.attributes]
    .map(([name, value]) => (value === "" ? name : `${name}="${escaped(value ?? "")}"`))
    .join("\n                ");
  const opening = opensDocuments
    ? `
  panel.addEventListener("carnet-open-document", (event) => {
    event.preventDefault();   // ${say.openComment}
  });`
    : "";
  const session =
    sessionMinutes === undefined
      ? ""
      : `
  // ${say.sessionComment}
  panel.sessionEnd = Date.now() + ${sessionMinutes} * 60_000;
  panel.renewSession = async () => Date.now() + ${renewedMinutes} * 60_000;`;
  return `<script type="module" src="${origin}/widget/carnet.js"></script>

<carnet-summary ${attributes}></carnet-summary>

<script type="module">
  const panel = document.querySelector("carnet-summary");
${say.tokenComment.map((line) => `  // ${line}`).join("\n")}
  panel.accessToken = async () => {
    const answer = await fetch("${origin}/oidc/demo-token", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ account: "${account}" }),
    });
    return (await answer.json()).access_token;
  };
  panel.addEventListener("carnet-state", ({ detail }) => console.log(detail.state));${opening}${session}
</script>
`;
}
