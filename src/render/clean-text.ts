/** Text from anywhere, made fit for every document: well-formed Unicode without control characters. Nothing visible is lost. */

/** What HTML and XML 1.0 §2.2 both allow is kept: tab, line feed, and everything printable. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Noncharacter_Code_Point}]/gu;

/** Where one of these is not, nothing is to be cleaned: code units, which are looked for many times faster than code points. */
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/;

/** Lone surrogates become U+FFFD; CR and CRLF become LF. */
export function cleanText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(FORBIDDEN, '');
}

/** One line: every run of white space is a space. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}
