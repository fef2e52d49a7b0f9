/** A stretch of text in one look. */
export interface Run {
  readonly text: string;
  readonly bold?: true;
  /** Struck out on the page: a value withdrawn must not look valid. */
  readonly struck?: true;
  /** Above or below the line: 10⁹ must not be read 109. */
  readonly raised?: "up" | "down";
  /** Red, green, blue, 0 to 255, when the page does not write in black. */
  readonly colour?: readonly [number, number, number];
}

export type Line = readonly Run[];

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly line: Line }
  | { readonly kind: "paragraph"; readonly line: Line; readonly indent: number }
  | {
      readonly kind: "row";
      readonly cells: readonly { readonly line: Line; readonly span: number; readonly isHeading: boolean }[];
    }
  | {
      readonly kind: "picture";
      /** `data:` address, PNG or JPEG, as the page draws it. */
      readonly data: string;
      /** On the page, in CSS pixels. */
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: "table-end" }
  | { readonly kind: "rule" };

/** One frame's visible words, in reading order. Everything in it comes from the page. */
export interface Report {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Larger than what is taken: nothing may be filed of it, because the end would be missing without a word. */
  readonly isCut: boolean;
  /** Pictures and drawings that could not be taken: of another origin, drawn in SVG, not loaded, too many. */
  readonly pictures: number;
  /** Frames on it that the page itself cannot look into: of another origin, or sandboxed. */
  readonly closedFrames: number;
  /** It is such a frame itself, and was read. */
  readonly isClosedFrame: boolean;
}

/**
 * Runs inside the page, in the isolated world, only after a click. Self-contained: its source text is injected.
 * Reads what is shown, as it is shown: hidden elements are left out, fields give their value, marks written by the style
 * sheet are kept.
 */
export function readReport(isSelection: boolean): Report {
  // A form hands out its fields under their names, a page its images: "childNodes" may be an input. Only the browser's own are asked.
  const own = <T>(prototype: object, name: string, of: object): T =>
    Object.getOwnPropertyDescriptor(prototype, name)?.get?.call(of) as T;
  const nameOf = (element: Element) => own<string>(Element.prototype, "localName", element);
  const sizeOf = (element: Element): DOMRect => Element.prototype.getBoundingClientRect.call(element);
  const limit = { characters: 400_000, blocks: 8_000, depth: 400, pictures: 40, pixels: 2_000, data: 16_000_000 };
  const blocks: Block[] = [];
  let line: Run[] = [];
  let indent = 0;
  let length = 0;
  let isCut = false;
  let pictures = 0;
  let closedFrames = 0;
  let drawn = 0;
  let drawnLength = 0;
  /** Pictures of the line that is being read: they follow it, whole. */
  let pending: Block[] = [];
  const selection = window.getSelection();
  const range = isSelection && selection !== null && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined;

  interface Look {
    readonly bold: boolean;
    readonly struck: boolean;
    readonly raised: "up" | "down" | undefined;
    readonly colour: readonly [number, number, number] | undefined;
    readonly keepsLines: boolean;
  }
  const plain: Look = { bold: false, struck: false, raised: undefined, colour: undefined, keepsLines: false };

  const add = (text: string, look: Look) => {
    if (text === "") return;
    length += text.length;
    if (length > limit.characters || blocks.length > limit.blocks) {
      isCut = true;
      return;
    }
    line.push({
      text,
      ...(look.bold ? { bold: true as const } : {}),
      ...(look.struck ? { struck: true as const } : {}),
      ...(look.raised === undefined ? {} : { raised: look.raised }),
      ...(look.colour === undefined ? {} : { colour: look.colour }),
    });
  };
  const take = (): Run[] => {
    const taken = line;
    line = [];
    return taken.some((run) => run.text.trim() !== "") ? taken : [];
  };
  const takePictures = (): Block[] => {
    const taken = pending;
    pending = [];
    return taken;
  };
  const flush = () => {
    const taken = take();
    if (taken.length > 0) blocks.push({ kind: "paragraph", line: taken, indent });
    blocks.push(...takePictures());
  };

  /** A picture or a canvas, redrawn at its own size; undefined where the browser forbids reading it (another origin). */
  const pictureOf = (element: HTMLImageElement | HTMLCanvasElement, width: number, height: number) => {
    const isImage = element instanceof HTMLImageElement;
    const own = isImage
      ? { width: element.naturalWidth, height: element.naturalHeight }
      : { width: element.width, height: element.height };
    if (own.width === 0 || own.height === 0 || drawn >= limit.pictures) return undefined;
    const scale = Math.min(1, limit.pixels / Math.max(own.width, own.height));
    const canvas = Document.prototype.createElement.call(document, "canvas") as HTMLCanvasElement;
    canvas.width = Math.max(1, Math.round(own.width * scale));
    canvas.height = Math.max(1, Math.round(own.height * scale));
    try {
      const context = canvas.getContext("2d");
      if (context === null) return undefined;
      // Paper is white: what the page draws on a see-through ground is read on it.
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(element, 0, 0, canvas.width, canvas.height);
      const exact = canvas.toDataURL("image/png");
      const data = exact.length > 4_000_000 ? canvas.toDataURL("image/jpeg", 0.92) : exact;
      if (drawnLength + data.length > limit.data) return undefined;
      drawn += 1;
      drawnLength += data.length;
      return { kind: "picture", data, width, height } as const;
    } catch {
      // The picture of another origin, which the browser lets nobody read.
      return undefined;
    }
  };

  const lookOf = (element: Element, style: CSSStyleDeclaration, outer: Look): Look => {
    const [red = 0, green = 0, blue = 0] = (style.color.match(/[\d.]+/g) ?? []).map(Number);
    const light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
    const isGrey = Math.max(red, green, blue) - Math.min(red, green, blue) < 40;
    return {
      bold: Number(style.fontWeight) >= 600,
      struck: outer.struck || style.textDecorationLine.includes("line-through"),
      raised:
        nameOf(element) === "sup" || style.verticalAlign === "super"
          ? "up"
          : nameOf(element) === "sub" || style.verticalAlign === "sub"
            ? "down"
            : outer.raised,
      // White on a dark ground would vanish on paper: only colours that paper shows are kept.
      colour: isGrey || light > 0.6 ? undefined : [Math.round(red), Math.round(green), Math.round(blue)],
      keepsLines: style.whiteSpace.startsWith("pre"),
    };
  };
  const isShown = (element: Element, style: CSSStyleDeclaration): boolean => {
    if (style.display === "none" || style.visibility !== "visible" || Number(style.opacity) === 0) return false;
    if (style.display === "contents" || style.overflow === "visible") return true;
    // Words kept for screen readers, one pixel wide: not on the person's screen.
    const { width, height } = sizeOf(element);
    return width > 1 && height > 1;
  };
  /** What the style sheet writes before or after an element. */
  const mark = (element: Element, place: "::before" | "::after", look: Look) => {
    const { content, display } = getComputedStyle(element, place);
    const written = /^"((?:[^"\\]|\\.)*)"$/.exec(content)?.[1];
    if (written !== undefined && display !== "none") add(written.replace(/\\(.)/g, "$1"), look);
  };
  const writtenIn = (element: Element): string | undefined => {
    if (element instanceof HTMLInputElement) {
      if (element.type === "checkbox" || element.type === "radio") return element.checked ? "[x] " : "[ ] ";
      return ["password", "hidden", "submit", "button", "image", "reset", "file"].includes(element.type)
        ? ""
        : element.value;
    }
    if (element instanceof HTMLTextAreaElement) return element.value;
    if (element instanceof HTMLSelectElement) {
      return [...element.selectedOptions].map((option) => option.label).join(", ");
    }
    return undefined;
  };

  /** An extension is told of closed trees too, by each browser in its way: what they draw is on the screen. */
  const shadowOf = (element: Element): ShadowRoot | null => {
    const ofFirefox = own<ShadowRoot | null | undefined>(Element.prototype, "openOrClosedShadowRoot", element);
    if (ofFirefox !== undefined) return ofFirefox;
    const { chrome } = globalThis as { chrome?: { dom?: { openOrClosedShadowRoot(of: Element): ShadowRoot | null } } };
    const isOwn =
      element instanceof HTMLElement && !/^(input|textarea|select|video|audio|details)$/.test(nameOf(element));
    return isOwn ? (chrome?.dom?.openOrClosedShadowRoot(element) ?? null) : null;
  };
  const childrenOf = (node: Node): readonly Node[] => {
    if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0)
      return node.assignedNodes({ flatten: true });
    const shadow = node instanceof Element ? shadowOf(node) : null;
    return [...own<NodeListOf<ChildNode>>(Node.prototype, "childNodes", shadow ?? node)];
  };
  const skipped = new Set([
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "datalist",
    "iframe",
    "object",
    "embed",
    "video",
    "audio",
  ]);

  const textOf = (node: Text): string => {
    if (range === undefined) return node.data;
    if (!range.intersectsNode(node)) return "";
    const start = node === range.startContainer ? range.startOffset : 0;
    const end = node === range.endContainer ? range.endOffset : node.data.length;
    return node.data.slice(start, end);
  };

  /** Large enough to be read, on the screen, and nobody's but its own. */
  const isClosed = (frame: HTMLIFrameElement) => {
    const { width, height } = sizeOf(frame);
    const isLarge = width >= 50 && height >= 50 && isShown(frame, getComputedStyle(frame));
    return isLarge && own<Document | null>(HTMLIFrameElement.prototype, "contentDocument", frame) === null;
  };

  const visit = (node: Node, outer: Look, depth: number): void => {
    if (isCut) return;
    if (depth > limit.depth) {
      isCut = true;
      return;
    }
    if (node instanceof Text) {
      const text = textOf(node);
      if (!outer.keepsLines) {
        add(text.replace(/\s+/g, " "), outer);
        return;
      }
      text.split("\n").forEach((part, index) => {
        if (index > 0) flush();
        add(part, outer);
      });
      return;
    }
    if (node instanceof HTMLIFrameElement && isClosed(node)) closedFrames += 1;
    if (!(node instanceof Element) || skipped.has(nameOf(node))) return;
    if (range !== undefined && !range.intersectsNode(node)) return;
    const style = getComputedStyle(node);
    if (!isShown(node, style)) return;
    const look = lookOf(node, style, outer);
    if (node instanceof HTMLImageElement || node instanceof HTMLCanvasElement || node instanceof SVGSVGElement) {
      const { width, height } = sizeOf(node);
      // An icon says nothing that is missed; a curve does.
      if (width >= 80 && height >= 60) {
        const picture = node instanceof SVGSVGElement ? undefined : pictureOf(node, width, height);
        if (picture === undefined) pictures += 1;
        else pending.push(picture);
      }
      if (node instanceof HTMLImageElement && node.alt.trim() !== "") add(`[${node.alt.trim()}]`, look);
      return;
    }
    const value = writtenIn(node);
    if (value !== undefined) {
      value.split("\n").forEach((part, index) => {
        if (index > 0) flush();
        add(part, look);
      });
      add(" ", look);
      return;
    }
    if (nameOf(node) === "br") {
      flush();
      return;
    }
    if (nameOf(node) === "hr") {
      flush();
      blocks.push({ kind: "rule" });
      return;
    }
    const inside = () => {
      mark(node, "::before", look);
      for (const child of childrenOf(node)) visit(child, look, depth + 1);
      mark(node, "::after", look);
    };
    const { display } = style;
    if (/^h[1-6]$/.test(nameOf(node))) {
      flush();
      inside();
      const taken = take();
      if (taken.length > 0) blocks.push({ kind: "heading", level: Number(nameOf(node)[1]), line: taken });
      blocks.push(...takePictures());
      return;
    }
    if (node instanceof HTMLTableRowElement && display === "table-row") {
      flush();
      const cells: { line: Line; span: number; isHeading: boolean }[] = [];
      const ofRow: Block[] = [];
      for (const cell of node.cells) {
        const shown = getComputedStyle(cell);
        if (!isShown(cell, shown) || (range !== undefined && !range.intersectsNode(cell))) continue;
        const before = blocks.length;
        const own = lookOf(cell, shown, look);
        mark(cell, "::before", own);
        for (const child of childrenOf(cell)) visit(child, own, depth + 1);
        mark(cell, "::after", own);
        // What a cell holds in several blocks stays in the cell, one after the other.
        const held = [...blocks.splice(before), ...takePictures()];
        ofRow.push(...held.filter((block) => block.kind === "picture"));
        const inner = held.flatMap((block) => {
          if (block.kind === "row") return block.cells.flatMap((one) => [...one.line, { text: "  " }]);
          return "line" in block ? [...block.line, { text: "\n" }] : [];
        });
        cells.push({ line: [...inner, ...take()], span: cell.colSpan, isHeading: nameOf(cell) === "th" });
      }
      if (cells.length > 0) blocks.push({ kind: "row", cells });
      blocks.push(...ofRow);
      return;
    }
    if (nameOf(node) === "li") {
      flush();
      indent += 1;
      const list = own<Element | null>(Node.prototype, "parentElement", node);
      const isOrdered = list !== null && nameOf(list) === "ol";
      const place = isOrdered ? [...list.children].filter((one) => nameOf(one) === "li").indexOf(node) : 0;
      if (style.listStyleType !== "none") {
        add(isOrdered ? `${(list as HTMLOListElement).start + place}. ` : "• ", plain);
      }
      inside();
      flush();
      indent -= 1;
      return;
    }
    const isInline = display.startsWith("inline") || display === "contents";
    if (isInline) {
      inside();
      if (display !== "inline") add(" ", look);
      return;
    }
    flush();
    inside();
    flush();
    if (nameOf(node) === "table") blocks.push({ kind: "table-end" });
  };

  const root = own<Element | null>(Document.prototype, range === undefined ? "body" : "documentElement", document);
  // A frame too small to be read is no part of the report (a counter, a session keeper).
  const isLarge = window.innerWidth >= 50 && window.innerHeight >= 50;
  const isRead = root !== null && (isSelection ? range !== undefined && !range.collapsed : isLarge);
  if (isRead) visit(root, plain, 0);
  flush();
  return {
    title: own<string>(Document.prototype, "title", document).slice(0, 200),
    blocks,
    isCut,
    pictures,
    closedFrames,
    isClosedFrame: window !== window.top && window.frameElement === null && isLarge,
  };
}
