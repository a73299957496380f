/**
 * Markdown → HTML, not yet safe: GitHub's dialect with footnotes. Pure and without a time limit of its own, so it is only ever run
 * in a workshop thread. The one door to the package marked.
 */

import {
  Lexer,
  Marked,
  type RendererThis,
  type Token,
  Tokenizer,
  type TokenizerThis,
  type Tokens,
} from 'marked';
import { WAY_BACK } from './drop-ways-back.ts';
import { holdsMore, readPlainInline } from './plain-inline.ts';

/** `slug` makes the footnotes' ids unique where several posts share one document. */
export function renderMarkdown(markdown: string, slug: string): string {
  const marked = new Marked({ gfm: true, async: false });
  const notes = new Footnotes(slug);
  marked.setOptions({ tokenizer: new QuickTokenizer() });
  marked.use({
    // Their search for the next one runs at every paragraph: only for those who write any.
    extensions: markdown.includes('[^') ? [notes.definition(), notes.reference()] : [],
    renderer: {
      // A mail cannot hold a form's controls: the box is drawn.
      checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
      list: renderTasks,
      tablecell: renderCell,
    },
  });
  const body = marked.parser(new QuickLexer(marked.defaults).lex(markdown));
  return body + notes.renderList((tokens) => marked.parser([...tokens]));
}

/** Reads plain lines in one go. It gives the same. */
export class QuickLexer extends Lexer {
  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    const plain = this.state.inRawBlock ? null : readPlainInline(source);
    if (!plain) return super.inlineTokens(source, tokens);
    tokens.push(...plain);
    return tokens;
  }
}

/**
 * The package asks each of its rules at each place, in turn: an expression for each. What a text begins with tells which of them can have anything
 * to say; the others are not asked. It gives the same.
 */
export class QuickTokenizer extends Tokenizer {
  override space(source: string) {
    return begins(source, ' \t\n') ? super.space(source) : undefined;
  }
  override code(source: string) {
    return begins(source, ' \t') ? super.code(source) : undefined;
  }
  override fences(source: string) {
    return begins(source, ' `~') ? super.fences(source) : undefined;
  }
  override heading(source: string) {
    return begins(source, ' #') ? super.heading(source) : undefined;
  }
  override hr(source: string) {
    return begins(source, ' *-_') ? super.hr(source) : undefined;
  }
  override blockquote(source: string) {
    return begins(source, ' >') ? super.blockquote(source) : undefined;
  }
  override list(source: string) {
    return begins(source, ' *+-0123456789') ? super.list(source) : undefined;
  }
  override html(source: string) {
    return begins(source, ' <') ? super.html(source) : undefined;
  }
  override def(source: string) {
    return begins(source, ' [') ? super.def(source) : undefined;
  }
  override table(source: string) {
    return beginsLine(source, source.indexOf('\n'), '|:-') ? super.table(source) : undefined;
  }
  override lheading(source: string) {
    let end = source.indexOf('\n');
    for (let lines = 0; end >= 0 && lines < MOST_LINES; lines += 1) {
      if (beginsLine(source, end, '=-')) return super.lheading(source);
      if (source[end + 1] === '\n') return undefined;
      end = source.indexOf('\n', end + 1);
    }
    return end < 0 ? undefined : super.lheading(source);
  }
  override escape(source: string) {
    return begins(source, '\\') ? super.escape(source) : undefined;
  }
  override tag(source: string) {
    return begins(source, '<') ? super.tag(source) : undefined;
  }
  override link(source: string) {
    return begins(source, '![') ? super.link(source) : undefined;
  }
  override reflink(source: string, links: Parameters<Tokenizer['reflink']>[1]) {
    return begins(source, '![') ? super.reflink(source, links) : undefined;
  }
  override codespan(source: string) {
    return begins(source, '`') ? super.codespan(source) : undefined;
  }
  override br(source: string) {
    return begins(source, ' \\') ? super.br(source) : undefined;
  }
  override autolink(source: string) {
    return begins(source, '<') ? super.autolink(source) : undefined;
  }
  override inlineText(source: string) {
    return readPlainText(source, this.lexer.state.inRawBlock) ?? super.inlineText(source);
  }
}

function begins(source: string, characters: string): boolean {
  return characters.includes(source.charAt(0));
}

/** Lines that are looked at for what would make a heading of those before: more, and again for each paragraph, would be a way to keep us busy. */
const MOST_LINES = 20;

/** Whether the line after the one that ends at `end` begins with one of them, set in by three spaces at most. */
function beginsLine(source: string, end: number, characters: string): boolean {
  let at = end + 1;
  while (at < end + 4 && source[at] === ' ') at += 1;
  return end >= 0 && characters.includes(source[at] ?? '\n');
}

const ENDS_TEXT = /[\\<![`*~_]/g;
/**
 * The text up to the next character that may mean something. The package's own expression looks ahead at every character; where there is nothing to
 * be found by it, this gives the same, and else leaves it to the package (null).
 */
function readPlainText(source: string, isRaw: boolean): Tokens.Text | null {
  const first = source.charAt(0);
  if (first === '`' || first === '~' || isRaw || source.includes('@')) return null;
  ENDS_TEXT.lastIndex = 1;
  const text = source.slice(0, ENDS_TEXT.exec(source)?.index ?? source.length);
  return holdsMore(text) ? null : { type: 'text', raw: text, text, escaped: false };
}

/** The boxes of a task list are its bullets. Other lists are rendered as usual (false). */
function renderTasks(this: { listitem(item: Tokens.ListItem): string }, list: Tokens.List): string | false {
  if (list.ordered || !list.items.every(({ task }) => task)) return false;
  return `<ul class="tasks">\n${list.items.map((item) => this.listitem(item)).join('')}</ul>\n`;
}

/** The `align` attribute is no longer HTML, and a style would not be let through: a class says it. */
function renderCell(this: RendererThis, cell: Tokens.TableCell): string {
  const tag = cell.header ? 'th' : 'td';
  const scope = cell.header ? ' scope="col"' : '';
  const align = cell.align ? ` class="align-${cell.align}"` : '';
  return `<${tag}${scope}${align}>${this.parser.parseInline(cell.tokens)}</${tag}>\n`;
}

/** GitHub's footnotes: `[^label]` in the text, `[^label]: the note` on a line of its own; indented lines go on with it. */
class Footnotes {
  readonly #slug: string;
  /** All blocks are read before any line of text, so a mention always knows whether its note exists. */
  readonly #defined = new Map<string, readonly Tokens.Generic[]>();
  /** In the order of their first mention, which numbers them. */
  readonly #mentioned = new Set<string>();

  constructor(slug: string) {
    this.#slug = slug;
  }

  definition() {
    const defined = this.#defined;
    return {
      name: 'footnoteDefinition',
      level: 'block' as const,
      // The package hands over a text without its first character: only what follows a line's end begins a line.
      start: (source: string) => {
        const found = /\n {0,3}\[\^/.exec(source);
        return found ? found.index + 1 : undefined;
      },
      tokenizer(this: TokenizerThis, source: string) {
        const match = /^ {0,3}\[\^([^\]\s]{1,80})\]:[ \t]*([^\n]*(?:\n+(?: {4}|\t)[^\n]*)*)(?:\n+|$)/.exec(
          source,
        );
        if (!match) return undefined;
        const [raw, label = '', text = ''] = match;
        const tokens = this.lexer.blockTokens(text.replace(/^(?: {4}|\t)/gm, ''), []);
        if (!defined.has(label.toLowerCase())) defined.set(label.toLowerCase(), tokens);
        return { type: 'footnoteDefinition', raw };
      },
      renderer: () => '',
    };
  }

  reference() {
    const defined = this.#defined;
    return {
      name: 'footnoteReference',
      level: 'inline' as const,
      start: (source: string) => source.indexOf('[^'),
      tokenizer(source: string) {
        const [raw, label = ''] = /^\[\^([^\]\s]{1,80})\]/.exec(source) ?? [];
        if (raw === undefined || !defined.has(label.toLowerCase())) return undefined;
        return { type: 'footnoteReference', raw, label: label.toLowerCase() };
      },
      renderer: (token: Tokens.Generic) => this.#renderMention(String(token['label'])),
    };
  }

  /** The notes that were mentioned, each with a way back; a note may mention others. */
  renderList(render: (tokens: readonly Tokens.Generic[]) => string): string {
    const items: string[] = [];
    for (const label of this.#mentioned) {
      const number = items.length + 1;
      const back = `<a href="#${this.#id('mention', number)}" title="Back to the text">${WAY_BACK}</a>`;
      const note = render(this.#defined.get(label) ?? []).trimEnd();
      const body = note.endsWith('</p>') ? `${note.slice(0, -4)} ${back}</p>` : `${note}<p>${back}</p>`;
      items.push(`<li id="${this.#id('note', number)}">${body}</li>`);
    }
    return items.length > 0 ? `<hr><ol class="footnotes">\n${items.join('\n')}\n</ol>` : '';
  }

  #renderMention(label: string): string {
    const isFirst = !this.#mentioned.has(label);
    this.#mentioned.add(label);
    const number = [...this.#mentioned].indexOf(label) + 1;
    const id = isFirst ? ` id="${this.#id('mention', number)}"` : '';
    return `<sup><a${id} href="#${this.#id('note', number)}">${number}</a></sup>`;
  }

  #id(kind: 'note' | 'mention', number: number): string {
    return `${this.#slug}-${kind}-${number}`;
  }
}
