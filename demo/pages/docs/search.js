/** Search of the documentation: an index made at build time, looked through here; nothing is sent anywhere. */
const input = document.querySelector("#search");
const list = document.querySelector("#found");
const said = document.querySelector("#found-count");
let index;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

async function load() {
  index ??= fetch("search.json")
    .then((response) => response.json())
    .then((entries) => entries.map((entry) => ({ ...entry, heading: fold(entry.title), words: fold(entry.text) })));
  return index;
}

async function search() {
  const words = fold(input.value).split(/\s+/).filter(Boolean);
  const entries = words.length > 0 ? await load() : [];
  // Typed on meanwhile: the later answer is the one to show.
  if (words.join(" ") !== fold(input.value).split(/\s+/).filter(Boolean).join(" ")) return;
  const score = (entry) =>
    words.reduce(
      (sum, word) =>
        sum + (entry.heading === word ? 8 : entry.heading.includes(word) ? 4 : entry.words.includes(word) ? 1 : -99),
      0,
    );
  const found = entries
    .map((entry) => ({ entry, value: score(entry) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, 12);
  list.replaceChildren(
    ...found.map(({ entry }) => {
      const link = document.createElement("a");
      link.href = entry.address;
      link.textContent = entry.title;
      const where = document.createElement("span");
      where.textContent = ` ${entry.page}`;
      const row = document.createElement("li");
      row.append(link, where);
      return row;
    }),
  );
  list.hidden = found.length === 0;
  said.textContent = words.length === 0 ? "" : found.length === 0 ? "Nothing found" : `${found.length} found`;
}

input.form.hidden = false;
input.form.addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelector("a")?.click();
});
input.addEventListener("input", search);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !["INPUT", "TEXTAREA"].includes(document.activeElement?.tagName ?? "")) {
    event.preventDefault();
    input.focus();
  } else if (event.key === "Escape" && (list.contains(document.activeElement) || document.activeElement === input)) {
    input.value = "";
    search();
    input.focus();
  }
});
