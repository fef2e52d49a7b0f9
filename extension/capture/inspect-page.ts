/** What one frame of the page says of itself. Everything in it comes from the page: text to judge, never to trust. */
export interface FrameReport {
  readonly contentType: string;
  readonly address: string;
  readonly title: string;
  readonly isTop: boolean;
  /** Documents the frame embeds, in reading order. */
  readonly embedded: readonly { readonly address: string; readonly type: string }[];
  /** Pictures large enough to be a document: address and text. */
  readonly images: readonly { readonly address: string; readonly text: string }[];
  /** Some of its words are selected. */
  readonly hasSelection: boolean;
  /** Links that look like documents: address and text. */
  readonly links: readonly { readonly address: string; readonly text: string }[];
  /** Visible text, with that of shadow trees and fields, cut at the limit: where the identity is looked for. */
  readonly text: string;
  /** The adapter that knows this frame's page, if one of those given does. */
  readonly adapterId: string | undefined;
  /** What stands at the adapter's places; a missing one is an empty text. */
  readonly adapted: Readonly<Record<string, string>>;
}

/** What of an adapter goes into the page: plain data. */
export interface AdapterOfPage {
  readonly id: string;
  readonly health: readonly string[];
  readonly places: readonly { readonly name: string; readonly css: string; readonly attribute?: string }[];
  readonly documents: readonly { readonly css: string; readonly attribute?: string }[];
}

/** Runs inside the page at once: what kind of document it is and how far its loading is. */
export function probePage(): { readonly contentType: string; readonly isParsed: boolean } {
  // The browser's own properties: a page can name an image "contentType" and put it in the way.
  const own = (name: string) =>
    String(Object.getOwnPropertyDescriptor(Document.prototype, name)?.get?.call(document) ?? "");
  return { contentType: own("contentType").slice(0, 200), isParsed: own("readyState") !== "loading" };
}

/**
 * Runs inside the page, in the isolated world, only after a click. It must be self-contained: its source text is injected.
 * Sizes are capped because a hostile page can be endless.
 */
export function inspectPage(adapters: readonly AdapterOfPage[]): FrameReport {
  // A page can name an image "title" or "querySelectorAll" and put it in the way: only the browser's own are asked.
  const own = <T>(name: string): T =>
    Object.getOwnPropertyDescriptor(Document.prototype, name)?.get?.call(document) as T;
  const get = <T>(prototype: object, name: string, of: object): T =>
    Object.getOwnPropertyDescriptor(prototype, name)?.get?.call(of) as T;
  const limit = {
    text: 200_000,
    items: 30,
    address: 4_000,
    dataAddress: 28_000_000,
    label: 200,
    trees: 300,
    fields: 300,
  };
  const nameOf = (element: Element) => get<string>(Element.prototype, "localName", element);
  /** The tree that an element draws in its own place; an extension is told of closed ones too, by each browser in its way. */
  const shadowOf = (element: Element): ShadowRoot | null => {
    const ofFirefox = get<ShadowRoot | null | undefined>(Element.prototype, "openOrClosedShadowRoot", element);
    if (ofFirefox !== undefined) return ofFirefox;
    const { chrome } = globalThis as { chrome?: { dom?: { openOrClosedShadowRoot(of: Element): ShadowRoot | null } } };
    return chrome?.dom?.openOrClosedShadowRoot(element) ?? get(Element.prototype, "shadowRoot", element);
  };
  const inTree = (tree: Document | ShadowRoot, selector: string): NodeListOf<Element> =>
    (tree instanceof Document ? Document : DocumentFragment).prototype.querySelectorAll.call(tree, selector);
  const trees: (Document | ShadowRoot)[] = [document];
  for (let at = 0; at < trees.length; at += 1) {
    for (const element of inTree(trees[at] as Document | ShadowRoot, "*")) {
      if (trees.length >= limit.trees) break;
      const mayHold =
        element instanceof HTMLElement &&
        /-|^(div|span|section|article|main|header|footer|aside|nav)$/.test(nameOf(element));
      const shadow = mayHold ? shadowOf(element) : null;
      if (shadow !== null) trees.push(shadow);
    }
  }
  const all = (selector: string): readonly Element[] => trees.flatMap((tree) => [...inTree(tree, selector)]);
  // The address is the document itself: cut, it would be another one. Longer ones are not taken.
  const ofDocument = (address: string) =>
    address.startsWith("data:") ? (address.length <= limit.dataAddress ? address : "") : cut(address, limit.address);
  const cut = (value: unknown, length: number) => (typeof value === "string" ? value.slice(0, length) : "");
  const baseAddress = Object.getOwnPropertyDescriptor(Node.prototype, "baseURI")?.get?.call(document) as string;
  const absolute = (value: string | null, from = baseAddress) => {
    if (value === null || value.trim() === "") return "";
    try {
      return new URL(value, from).href;
    } catch {
      return "";
    }
  };
  const looksLikeDocument = (address: string, type: string) =>
    /^application\/(pdf|hl7-cda\+xml)|^(text|application)\/xml/.test(type) ||
    /^(blob:|data:application\/pdf)/.test(address) ||
    /\.(pdf|xml)([?&]|$)/i.test(address.split("#")[0] ?? "") ||
    /[?&](format|type|output)=(application(\/|%2f))?pdf(&|$)/i.test(address.split("#")[0] ?? "");

  const isViewer = (address: string) => /^https?:/.test(address) && /viewer\.html?$/i.test(new URL(address).pathname);
  /** A viewer written in JavaScript (pdf.js) is a page that names its document: `viewer.html?file=…`, `viewer.html#file=…`. */
  const shownBy = (address: string) => {
    if (!/^https?:/.test(address)) return address;
    const { pathname, searchParams, hash } = new URL(address);
    if (/\.(pdf|xml)$/i.test(pathname)) return address;
    const named = (name: string, from: URLSearchParams) => absolute(from.get(name), address);
    const file = named("file", searchParams);
    if (file !== "" && (isViewer(address) || looksLikeDocument(file, ""))) return file;
    // Elsewhere these are words of any page: `download?document=lettre.pdf` is an address of its own.
    if (!isViewer(address)) return address;
    const behind = new URLSearchParams(hash.slice(1));
    const names = ["url", "src", "pdf", "document"];
    const shown = [named("file", behind), ...names.flatMap((name) => [named(name, searchParams), named(name, behind)])];
    return shown.find((one) => one !== "") ?? address;
  };

  const embedded: { address: string; type: string }[] = [];
  const itself = shownBy(location.href);
  if (itself !== location.href && window === window.top) embedded.push({ address: ofDocument(itself), type: "" });
  for (const element of all("embed, object, iframe")) {
    if (embedded.length >= limit.items) break;
    const named = absolute(element.getAttribute(element.localName === "object" ? "data" : "src"));
    const address = shownBy(named);
    const type = element.getAttribute("type") ?? "";
    // The viewer that the browser puts in a PDF tab is an <embed> with its own address.
    if (address !== "" && address !== "about:blank" && (address !== named || looksLikeDocument(address, type))) {
      embedded.push({ address: ofDocument(address), type: cut(type, limit.label) });
    }
  }
  const images: { address: string; text: string }[] = [];
  for (const image of own<HTMLCollectionOf<HTMLImageElement>>("images")) {
    if (images.length >= limit.items) break;
    // Logos and icons are no documents.
    if (image.naturalWidth < 300 || image.naturalHeight < 200 || image.clientWidth < 150) continue;
    images.push({ address: cut(absolute(image.currentSrc), limit.address), text: cut(image.alt, limit.label) });
  }
  /** "Compte rendu (PDF)", `download="lettre.pdf"`: the page says what its address does not. Of other origins, it may be a reader's. */
  const isCalledPdf = (link: Element, address: string) =>
    address.startsWith(`${location.origin}/`) &&
    (/\.(pdf|xml)$/i.test(link.getAttribute("download") ?? "") || /\bpdf\b/i.test(cut(link.textContent, limit.label)));
  const links: { address: string; text: string }[] = [];
  for (const element of all("a[href]")) {
    if (links.length >= limit.items) break;
    const named = absolute(element.getAttribute("href"));
    const address = isViewer(named) ? shownBy(named) : named;
    if (
      address !== named ||
      looksLikeDocument(address, element.getAttribute("type") ?? "") ||
      isCalledPdf(element, named)
    ) {
      links.push({ address: ofDocument(address), text: cut(element.textContent?.trim(), limit.label) });
    }
  }
  const found = (selector: string): readonly Element[] => {
    try {
      return [...inTree(document, selector)];
    } catch {
      // Not a selector: the place says nothing.
      return [];
    }
  };
  const adapter = adapters.find(({ health }) => health.every((selector) => found(selector).length > 0));
  const adapted: Record<string, string> = {};
  for (const { name, css, attribute } of adapter?.places ?? []) {
    const [only, second] = found(css);
    // Two places for one trait is a page the adapter was not made for: it says nothing rather than the first one.
    const text = attribute === undefined ? only?.textContent?.trim() : only?.getAttribute(attribute);
    adapted[name] = second === undefined ? cut(text, limit.label) : "";
  }
  for (const { css, attribute } of adapter?.documents ?? []) {
    for (const element of found(css)) {
      if (links.length >= limit.items) break;
      const address = absolute(element.getAttribute(attribute ?? "href"));
      if (address === "" || links.some((link) => link.address === address)) continue;
      links.push({ address: ofDocument(address), text: cut(element.textContent?.trim(), limit.label) });
    }
  }
  const body = own<HTMLElement | null>("body");
  const isShown = (element: Element) =>
    Element.prototype.checkVisibility.call(element) || getComputedStyle(element).display === "contents";
  /** What an element says on the screen; hidden, or for the browser alone, it says nothing. */
  const saidBy = (node: Node) => {
    if (node instanceof Text) return node.data;
    const isWords =
      node instanceof HTMLElement && !/^(style|script|template|noscript)$/.test(nameOf(node)) && isShown(node);
    return isWords ? get<string>(HTMLElement.prototype, "innerText", node) : "";
  };
  const drawn = trees
    .slice(1)
    .map((tree) => [...get<NodeListOf<ChildNode>>(Node.prototype, "childNodes", tree)].map(saidBy).join("\n"));
  const labelOf = (field: Element) => {
    const labels = "labels" in field ? (field.labels as NodeListOf<HTMLLabelElement> | null) : null;
    const beside =
      Element.prototype.closest.call(field, "td, dd")?.previousElementSibling ?? field.previousElementSibling;
    const label = labels?.[0] ?? null;
    const words =
      label !== null ? saidBy(label) : (field.getAttribute("aria-label") ?? (beside === null ? "" : saidBy(beside)));
    return cut(
      words
        .trim()
        .split("\n")[0]
        ?.replace(/[\s:*]+$/, ""),
      limit.label,
    );
  };
  const valueIn = (field: Element) => {
    if (field instanceof HTMLSelectElement) return [...field.selectedOptions].map(({ label }) => label).join(", ");
    if (field instanceof HTMLTextAreaElement) return field.value;
    const isText = field instanceof HTMLInputElement && /^(text|search|date|number|tel)$/.test(field.type);
    return isText ? field.value : "";
  };
  /** Tools show their patient in fields as often as in words. */
  const written = all("input, select, textarea")
    .slice(0, limit.fields)
    .flatMap((field) => {
      const value = cut(valueIn(field).trim(), limit.label);
      return value === "" || !isShown(field) ? [] : [`${labelOf(field)} : ${value}`];
    });
  return {
    contentType: cut(own("contentType"), limit.label),
    address: cut(location.href, limit.address),
    title: cut(own("title"), limit.label),
    isTop: window === window.top,
    embedded,
    images,
    links,
    hasSelection: (window.getSelection()?.toString().trim() ?? "") !== "",
    // biome-ignore lint/performance/useDomNodeTextContent: only what is shown counts; hidden text is not on the person's screen
    text: cut([body?.innerText ?? "", ...drawn, ...written].join("\n"), limit.text),
    adapterId: adapter?.id,
    adapted,
  };
}

export interface PageBytes {
  readonly ok: boolean;
  readonly status: number;
  readonly type: string;
  readonly base64: string;
  readonly tooLarge: boolean;
}

/**
 * Runs inside the page: reads a document again with the page's own cookies. `force-cache` gives back what the viewer
 * already holds, which is the only way for one-time addresses. Firefox: `FileReader`, because `blob.arrayBuffer()`
 * is refused across its script compartments.
 */
export async function readInPage(address: string, maximum: number): Promise<PageBytes> {
  const failed = { ok: false, status: 0, type: "", base64: "", tooLarge: false };
  try {
    const response = await fetch(address, { cache: "force-cache", credentials: "include" });
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok) return { ...failed, status: response.status, type };
    // Said beforehand, a document that is too large is not read at all.
    if (Number(response.headers.get("content-length") ?? 0) > maximum) {
      await response.body?.cancel();
      return { ...failed, status: response.status, type, tooLarge: true };
    }
    // Nothing said, it is counted as it comes: a page can go on for ever.
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body?.getReader();
    for (let size = 0; reader !== undefined; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > maximum) {
        await reader.cancel();
        return { ...failed, status: response.status, type, tooLarge: true };
      }
      parts.push(value);
    }
    const blob = new Blob(parts);
    const base64 = await new Promise<string>((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
    return {
      ok: true,
      status: response.status,
      type,
      base64: base64.slice(base64.indexOf(",") + 1),
      tooLarge: false,
    };
  } catch {
    return failed;
  }
}
