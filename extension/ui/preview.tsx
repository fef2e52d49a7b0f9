import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { usePanel } from "./context.ts";
import type { Draft } from "./draft.ts";
import { Icon } from "./icons.tsx";
import { sizeText } from "./strings.ts";

/** The document as the record will show it: drawn by us, never run. */
export function Preview({ draft }: { readonly draft: Draft }) {
  const { texts } = usePanel();
  return (
    <section class="card preview" aria-labelledby="preview">
      <h2 id="preview">{texts("preview.title")}</h2>
      <Picture draft={draft} />
      {draft.file.leftOut !== undefined && (
        <p class="note warn">{texts("preview.left-out", { count: draft.file.leftOut })}</p>
      )}
      {draft.file.unreadFrames !== undefined && (
        <p class="note warn">{texts("preview.unread-frames", { count: draft.file.unreadFrames })}</p>
      )}
      {draft.enclosed.length > 0 && <Enclosed files={draft.enclosed} />}
      <p class="quiet">
        {[
          draft.cda === undefined ? "" : texts("preview.cda"),
          draft.file.fileName,
          sizeText(texts.locale, draft.file.bytes.length),
        ]
          .filter((part) => part !== "")
          .join(" · ")}
      </p>
    </section>
  );
}

/** What leaves within the document and is on none of its pages. */
function Enclosed({ files }: { readonly files: Draft["enclosed"] }) {
  const { texts } = usePanel();
  const shown = files.slice(0, mostEnclosed);
  return (
    <div class="note warn enclosed">
      <p id="enclosed">{texts("preview.enclosed", { count: files.length })}</p>
      <ul aria-labelledby="enclosed">
        {shown.map(({ name, isRead }, index) => (
          <li key={`${index}-${name}`}>
            {name === "" ? texts("choice.untitled") : name}
            {!isRead && <> {texts("preview.enclosed.unread")}</>}
          </li>
        ))}
        {shown.length < files.length && <li>…</li>}
      </ul>
    </div>
  );
}

const mostEnclosed = 20;

function Picture({ draft }: { readonly draft: Draft }) {
  const { texts } = usePanel();
  if (draft.pdf !== undefined) return <PdfPicture pdf={draft.pdf} />;
  if (draft.file.kind === "jpeg") return <ImagePicture file={draft.file} />;
  if (draft.file.kind === "text") return <TextPicture text={draft.text} />;
  if (draft.cda !== undefined) {
    const { header } = draft.cda;
    return (
      <div class="sheet summary">
        <strong>{header.title}</strong>
        <span>{header.type.display ?? header.type.code}</span>
        <span>
          {header.authors
            .map((author) => [author.prefix, author.given, author.family].filter(Boolean).join(" "))
            .join(", ")}
        </span>
        <span>{header.custodian?.name}</span>
      </div>
    );
  }
  return <p class="note">{texts("preview.none")}</p>;
}

/** The beginning of a text: all of it, twenty megabytes at most, would stop the panel. */
function TextPicture({ text }: { readonly text: string }) {
  const { texts } = usePanel();
  const number = new Intl.NumberFormat(texts.locale);
  const shown = text.slice(0, 3_000);
  return (
    <>
      <Sheet label={texts("preview.text")}>
        <pre>{shown}</pre>
      </Sheet>
      {shown.length < text.length && (
        <p class="note">
          {texts("preview.text.cut", { shown: number.format(shown.length), count: number.format(text.length) })}
        </p>
      )}
    </>
  );
}

/** What cannot be drawn is not thereby unfit to be filed: it is said, and the person looks at it elsewhere. */
function Undrawn() {
  const { texts } = usePanel();
  return (
    <p class="note warn" role="status" data-undrawn>
      {texts("preview.undrawn")}
    </p>
  );
}

/** A scrolling region, reachable by keyboard. */
function Sheet({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
    <section class="sheet" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

function PdfPicture({ pdf }: { readonly pdf: NonNullable<Draft["pdf"]> }) {
  const { texts } = usePanel();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [page, setPage] = useState(1);
  const [drawing, setDrawing] = useState<"under-way" | "done" | "failed">("under-way");
  useEffect(() => setPage(1), [pdf]);
  useEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    const turned = new AbortController();
    const { signal } = turned;
    const width = Math.max(240, current.parentElement?.clientWidth ?? 300);
    setDrawing("under-way");
    pdf.draw(current, { page, width, pixelRatio: Math.min(globalThis.devicePixelRatio, 2), signal }).then(
      () => !signal.aborted && setDrawing("done"),
      () => !signal.aborted && setDrawing("failed"),
    );
    return () => turned.abort();
  }, [pdf, page]);
  return (
    <>
      <Sheet label={texts("preview.first")}>
        {drawing === "failed" && <Undrawn />}
        <canvas
          ref={canvas}
          role="img"
          hidden={drawing === "failed"}
          data-drawn={drawing === "done"}
          aria-label={page === 1 ? texts("preview.first") : texts("preview.page", { page, count: pdf.pageCount })}
        />
      </Sheet>
      {pdf.pageCount > 1 && (
        <div class="pager">
          <button
            type="button"
            class="round"
            disabled={page === 1}
            aria-label={texts("preview.previous")}
            onClick={() => setPage(page - 1)}
          >
            <Icon name="left" />
          </button>
          <span role="status">{texts("preview.page", { page, count: pdf.pageCount })}</span>
          <button
            type="button"
            class="round"
            disabled={page === pdf.pageCount}
            aria-label={texts("preview.next")}
            onClick={() => setPage(page + 1)}
          >
            <Icon name="right" />
          </button>
        </div>
      )}
    </>
  );
}

function ImagePicture({ file }: { readonly file: Draft["file"] }) {
  const { texts } = usePanel();
  const [address, setAddress] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([file.bytes], { type: file.contentType }));
    setAddress(made);
    setBroken(false);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    <Sheet label={texts("preview.first")}>
      {isBroken && <Undrawn />}
      {address !== undefined && !isBroken && (
        <img src={address} alt={texts("preview.first")} onError={() => setBroken(true)} />
      )}
    </Sheet>
  );
}
