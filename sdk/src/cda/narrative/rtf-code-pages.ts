/** Reads the letters that stand behind a code page, bytes to words. */
export type ReadBytes = (bytes: Uint8Array) => string;

/** Names of the code pages that browsers and Node.js read; what is in none of the lists is read as Windows-1252. */
const labels: Readonly<Record<number, string>> = {
  708: "iso-8859-6",
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  10000: "macintosh",
  10007: "x-mac-cyrillic",
  20866: "koi8-r",
  65001: "utf-8",
};

/** Upper halves of the code pages of DOS, which none of them reads. */
const ofDos: Readonly<Record<number, string>> = {
  437: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
  850: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
  852: "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0",
};
/** As 850, with the euro. */
const withEuro = 858;

/** Code page of a font's `\fcharset`; 1 is the document's own. */
const ofCharset: Readonly<Record<number, number>> = {
  0: 1252,
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
  254: 437,
  255: 850,
};
export const codePageOfCharset = (charset: number): number | undefined => ofCharset[charset];

/** The font Symbol from its first sign on, in which "³" is "≥" and "m" is "μ": another dose, read as letters. */
const symbols = `${" !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼".padEnd(128)}€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭`;
export const readSymbols: ReadBytes = (bytes) => Array.from(bytes, (byte) => symbols[byte - 32] ?? "").join("");

const known = new Map<number, ReadBytes>();

/** How the bytes of a code page are read. */
export function readerOf(codePage: number): ReadBytes {
  const found = known.get(codePage) ?? makeReader(codePage);
  known.set(codePage, found);
  return found;
}

function makeReader(codePage: number): ReadBytes {
  const upper = codePage === withEuro ? ofDos[850]?.replace("ı", "€") : ofDos[codePage];
  if (upper !== undefined)
    return (bytes) =>
      Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : (upper[byte - 128] ?? ""))).join("");
  const decoder = new TextDecoder(
    codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : (labels[codePage] ?? "windows-1252"),
  );
  return (bytes) => decoder.decode(bytes);
}
