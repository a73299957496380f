/** What each line of a Markdown body is, as far as plain prose must know: only lines that are certainly prose are ever touched. */

/**
 * `heading`: has the form of a heading in plain prose, though it may prove to be a paragraph. `closing`: a greeting or a
 * name at the end of a letter. `block`: list, quote, table, image, HTML, link, rule: Markdown's own. `raw`: in code or HTML, where
 * lines mean nothing to Markdown.
 */
export type LineKind = 'blank' | 'text' | 'heading' | 'closing' | 'block' | 'raw';

const HEADING_LENGTH = /^.{1,80}$/su;
const MARKED = /^(?:[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$)|>|\||!\[|<|\[|#{1,6}(?:\s|$)|:\s|\$\$|\\)/;
const RULE = /^(?:[-*_=]\s*){3,}$/;
const LINK = /\]\(|\]\[|\b(?:https?|mailto|ftp):|\bwww\./i;
/** Also within closing quotes, brackets and emphasis: `he said “no.”` */
const CLOSED = /[.!?…:,;。！？：，；、｡؟۔।][\p{Pe}\p{Pf}"'*_`]*$/u;
const GREETING =
  /^(?:until (?:next|then|tomorrow)[\w ]*|see you[\w ]*|talk (?:to you )?soon|(?:best|kind|warm|warmest) (?:regards|wishes)|regards|cheers|sincerely|yours[\w ]*|love|with love|best|peace|take care|thanks(?: for reading)?|thank you|so long|good ?bye|bye|happy \w+ing)(?:,|$)/i;
const ITALIC = /^(?:\*[^*]+\*|_[^_]+_)$/;

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const RAW_HTML = /^ {0,3}<(?:(pre|script|style|textarea)\b|!--)/i;

/** Whether a line alone could be a heading of plain prose: short, unclosed, and no construct of Markdown. */
export function isHeadingLine(line: string): boolean {
  return (
    /^\S/.test(line) &&
    HEADING_LENGTH.test(line.trimEnd()) &&
    /[\p{L}\p{N}]/u.test(line) &&
    !isBlockLine(line) &&
    !isClosingLine(line) &&
    !LINK.test(line) &&
    !line.includes('<!--') &&
    !ITALIC.test(line.trim()) &&
    !CLOSED.test(line.trimEnd())
  );
}

/** `— Ann`, `Until next time, Brandon`: ends a letter, and heads nothing. */
export function isClosingLine(line: string): boolean {
  return /^\s{0,3}(?:[—–~]|--)/u.test(line) || (HEADING_LENGTH.test(line) && GREETING.test(line.trim()));
}

/** A line that can begin a construct of Markdown, by itself. */
export function isBlockLine(line: string): boolean {
  const trimmed = line.trim();
  return (
    /^(?: {4}|\t)/.test(line) ||
    MARKED.test(trimmed) ||
    RULE.test(trimmed) ||
    FENCE.test(line) ||
    /\s\|\s/.test(trimmed)
  );
}

export function classifyLines(lines: readonly string[]): readonly LineKind[] {
  const kinds: LineKind[] = [];
  let end: RegExp | null = null;
  for (const line of lines) {
    if (end) {
      kinds.push('raw');
      if (end.test(line)) end = null;
      continue;
    }
    end = endOfRegion(line);
    kinds.push(kindOf(line));
  }
  return kinds;
}

function kindOf(line: string): LineKind {
  if (line.trim() === '') return 'blank';
  if (isBlockLine(line)) return 'block';
  if (isClosingLine(line)) return 'closing';
  return isHeadingLine(line) ? 'heading' : 'text';
}

/** What ends the code or raw HTML that a line opens (CommonMark §4.5, §4.6), or null when it opens none beyond itself. */
function endOfRegion(line: string): RegExp | null {
  const [, fence] = FENCE.exec(line) ?? [];
  if (fence) return new RegExp(`^ {0,3}\\${fence.charAt(0)}{${fence.length},}\\s*$`);
  const html = RAW_HTML.exec(line);
  if (!html) return /^ {0,3}<[a-z/]/i.test(line) ? /^\s*$/ : null;
  const end = html[1] ? new RegExp(`</${html[1]}>`, 'i') : /-->/;
  return end.test(line) ? null : end;
}

/** Whether a body has headings of its own: `## …`, underlined, or in HTML. Then its author writes Markdown. */
export function hasHeadings(lines: readonly string[]): boolean {
  let end: RegExp | null = null;
  /** The line before, where it is not raw. */
  let last = '';
  for (const line of lines) {
    if (HTML_HEADING.test(line)) return true;
    if (end) {
      if (end.test(line)) end = null;
      last = '';
      continue;
    }
    // What the line before is takes longer to say: it is asked for the few that could be underlines.
    if (HASHES.test(line) || (UNDERLINE.test(line) && isParagraph(kindOf(last)))) return true;
    end = endOfRegion(line);
    last = line;
  }
  return false;
}

const HTML_HEADING = /^ {0,3}<h[1-6][\s>]/i;
const HASHES = /^ {0,3}#{1,6}(?:[ \t]|$)/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;

function isParagraph(kind: LineKind): boolean {
  return kind === 'text' || kind === 'heading' || kind === 'closing';
}
