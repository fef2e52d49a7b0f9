/**
 * Runs inside a tool's page, in the isolated world, once the person asked to point at something there. Self-contained: its
 * source text is injected. Resolves with what the page says of the element that was clicked (or chosen by arrows and Enter),
 * null after Escape or two minutes. Nothing is added to the page and nothing in it is changed: the light around the element
 * is an animation, and the page's handlers are kept from the keys and clicks that are meant for us. Handlers that the page
 * put on the window itself before, for the capturing phase, are the one thing that comes first. {@link stopPointing} takes
 * the rest away.
 */
export function pointAtElement(): Promise<unknown> {
  const scope = globalThis as { carnetStopPointing?: () => void };
  scope.carnetStopPointing?.();
  // A form can hold a field named "attributes" and put it in the way: only the browser's own are asked.
  const own = <T>(prototype: object, name: string, of: object): T =>
    Object.getOwnPropertyDescriptor(prototype, name)?.get?.call(of) as T;
  const top = own<Element>(Document.prototype, "documentElement", document);
  const parentOf = (of: Element) => own<Element | null>(Node.prototype, "parentElement", of);
  const childrenOf = (of: Element) => [...own<HTMLCollection>(Element.prototype, "children", of)];
  const tagOf = (of: Element) => own<string>(Element.prototype, "localName", of);
  const sketch = (element: Element) => {
    const parent = parentOf(element);
    const siblings = parent === null ? [element] : childrenOf(parent);
    return {
      tag: tagOf(element).slice(0, 60),
      attributes: [...own<NamedNodeMap>(Element.prototype, "attributes", element)]
        .slice(0, 40)
        .map(({ name, value }) => [name.slice(0, 200), value.slice(0, 200)]),
      nth: siblings.filter((one) => tagOf(one) === tagOf(element)).indexOf(element) + 1,
      child: siblings.indexOf(element),
    };
  };
  const describe = (element: Element) => {
    const path: ReturnType<typeof sketch>[] = [];
    for (let at: Element | null = element; at !== null && path.length < 100; at = parentOf(at)) {
      if (at === top) break;
      path.push(sketch(at));
    }
    return { text: (own<string | null>(Node.prototype, "textContent", element) ?? "").trim().slice(0, 200), path };
  };

  return new Promise((resolve) => {
    let pointed: Element | undefined;
    let light: Animation | undefined;
    let pressed: string | undefined;
    const show = (element: Element | null | undefined) => {
      if (!(element instanceof Element) || element === top || element === pointed) return;
      light?.cancel();
      pointed = element;
      const look = {
        outline: "3px solid #c2185b",
        outlineOffset: "-3px",
        boxShadow: "inset 0 0 0 5px #ffffff",
        cursor: "crosshair",
      };
      light = Element.prototype.animate.call(element, [look, look], {
        duration: 1_000,
        iterations: Number.POSITIVE_INFINITY,
      });
    };
    const answer = (element: Element | undefined) => {
      light?.cancel();
      light = undefined;
      resolve(element === undefined ? null : describe(element));
    };
    const onKey = (key: string) => {
      const from = pointed ?? own<HTMLElement>(Document.prototype, "body", document);
      const parent = parentOf(from);
      const siblings = parent === null ? [] : childrenOf(parent);
      if (key === "ArrowUp") show(parent);
      else if (key === "ArrowDown") show(childrenOf(from)[0]);
      else if (key === "ArrowRight") show(siblings[siblings.indexOf(from) + 1]);
      else if (key === "ArrowLeft") show(siblings[siblings.indexOf(from) - 1]);
      if (pointed !== undefined) Element.prototype.scrollIntoView.call(pointed, { block: "nearest" });
    };
    const onEvent = (event: Event) => {
      // What the page itself makes up is not the person's: it goes its way and decides nothing.
      if (!event.isTrusted) return;
      event.stopImmediatePropagation();
      if (event.cancelable) event.preventDefault();
      if (event.type === "pointermove") show(event.target as Element | null);
      else if (event.type === "keydown") {
        pressed = (event as KeyboardEvent).key;
        onKey(pressed);
      } else if (event.type === "keyup" && (event as KeyboardEvent).key === pressed) {
        // Decided when the key comes up, or its end would reach the page; and only for one that went down here.
        if (pressed === "Escape") answer(undefined);
        else if (pressed === "Enter") answer(pointed);
      } else if (event.type === "click") {
        show(event.target as Element | null);
        answer(pointed);
      }
    };
    const types = [
      ...["pointerdown", "pointerup", "pointermove", "pointerover", "pointerout", "pointerenter", "pointerleave"],
      ...["mousedown", "mouseup", "mousemove", "mouseover", "mouseout", "mouseenter", "mouseleave"],
      ...["click", "dblclick", "auxclick", "contextmenu", "touchstart", "touchend", "touchmove"],
      ...["keydown", "keypress", "keyup", "dragstart", "selectstart"],
    ];
    const how = { capture: true, passive: false };
    for (const type of types) addEventListener(type, onEvent, how);
    const limit = setTimeout(() => scope.carnetStopPointing?.(), 120_000);
    scope.carnetStopPointing = () => {
      clearTimeout(limit);
      for (const type of types) removeEventListener(type, onEvent, how);
      delete scope.carnetStopPointing;
      answer(undefined);
    };
  });
}

/** Runs inside the page: takes everything of {@link pointAtElement} away. */
export function stopPointing(): void {
  (globalThis as { carnetStopPointing?: () => void }).carnetStopPointing?.();
}

/**
 * Runs inside the page: the first of these selectors that finds the element standing there, and at most so many with it.
 * @param place which child of its parent, from the top of the page down
 */
export function firstThatFinds(selectors: readonly string[], place: readonly number[], most: number): string | null {
  const own = (prototype: object, name: string) =>
    Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown;
  const childrenOf = own(Element.prototype, "children") as () => HTMLCollection;
  const element = place.reduce<Element | undefined>(
    (parent, child) => (parent === undefined ? undefined : childrenOf.call(parent)[child]),
    own(Document.prototype, "documentElement").call(document) as Element,
  );
  for (const selector of element === undefined ? [] : selectors) {
    const found = Document.prototype.querySelectorAll.call(document, selector);
    if (found.length <= most && [...found].includes(element as Element)) return selector;
  }
  return null;
}

/** Runs inside the page: how many elements each place finds, -1 when it is no selector, and what the first one says. */
export function lookAtPlaces(places: readonly string[]): { readonly count: number; readonly text: string }[] {
  return places.map((css) => {
    try {
      const found = Document.prototype.querySelectorAll.call(document, css);
      return { count: found.length, text: (found[0]?.textContent ?? "").trim().slice(0, 200) };
    } catch {
      return { count: -1, text: "" };
    }
  });
}
