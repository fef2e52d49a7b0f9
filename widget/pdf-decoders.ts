import type { Plugin } from "vite";

/** Where pdf.js fetches a decoder from an address beside the page, which no host serves. */
const fetched =
  /(\w+)=`\$\{this\.#\w+\}(jbig2|openjpeg)_nowasm_fallback\.js`;([\s\S]{0,40}?await )import\(\s*(?:\/\*[^*]*\*\/\s*)*\1\s*\)/g;

/**
 * Scans and faxes are JBIG2, CCITT or JPEG 2000 images. pdf.js decodes them in WebAssembly, which a strict
 * Content-Security-Policy forbids, or in scripts that it looks for at an address of the host: here they become parts of
 * the widget, fetched when a page needs one. Without them such a page is blank.
 */
export const pdfDecoders: Plugin = {
  name: "carnet-pdf-decoders",
  enforce: "pre",
  transform(code, id) {
    if (!/pdfjs-dist\/legacy\/build\/pdf\.worker\.min\.mjs/.test(id)) return undefined;
    let found = 0;
    const joined = code.replace(fetched, (_whole, name: string, decoder: string, before: string) => {
      found++;
      return `${name}="";${before}import("pdfjs-dist/wasm/${decoder}_nowasm_fallback.js")`;
    });
    if (found !== 2) this.error(`pdf.js fetches its decoders in another way: ${found} of 2 found`);
    return { code: joined, map: null };
  },
};
