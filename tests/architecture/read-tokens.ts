/**
 * Splits TypeScript into tokens, as far as telling code from comments, strings and regular expressions needs it. Refuses what it cannot
 * read (an open string, brackets that do not pair), so that a mistake here is seen and never hides an import.
 */

export type Token = {
  /** `string` holds its text without quotes; a template with `${}` is punctuation and its code, its text left out. */
  readonly kind: 'word' | 'string' | 'regex' | 'number' | 'punctuation';
  readonly text: string;
  /** One-based. */
  readonly line: number;
};

export type TokensResult =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const SPACE = /\s+/y;
const COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const WORD = /[\p{L}_$#@][\p{L}\p{N}_$]*/uy;
const NUMBER = /\.?\d(?:[\w.]|(?<=e)[+-])*/iy;
const STRING = /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** From a backtick or the `}` of a substitution to the next `${` or the closing backtick. */
const TEMPLATE_PART = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:\$\{|`)/y;

/** After these words, a slash opens a regular expression; after any other word it divides. */
const BEFORE_REGEX = new Set(
  'return typeof case in of delete void throw new instanceof yield await else do'.split(' '),
);
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

export function readTokens(source: string): TokensResult {
  const reader = new Reader(source);
  try {
    return { kind: 'tokens', tokens: reader.read() };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', reason: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

class Reader {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  /** Open brackets; `${` stands for a substitution, whose `}` goes on with the template. */
  readonly #open: string[] = [];
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  read(): readonly Token[] {
    this.#take(/#![^\n]*/y);
    while (this.#at < this.#source.length) this.#readOne();
    if (this.#open.length > 0) throw new Unreadable(`"${this.#open.at(-1)}" is never closed`);
    return this.#tokens;
  }

  #readOne(): void {
    if (this.#take(SPACE) !== null || this.#take(COMMENT) !== null) return;
    const line = this.#line;
    const string = this.#take(STRING);
    if (string !== null) this.#push('string', string.slice(1, -1), line);
    else if (this.#source[this.#at] === '`') this.#readTemplate(line);
    else if (!this.#readPlain(line)) this.#readPunctuation(line);
  }

  #readPlain(line: number): boolean {
    const word = this.#take(WORD);
    if (word !== null) return this.#push('word', word, line);
    const number = this.#take(NUMBER);
    if (number !== null) return this.#push('number', number, line);
    const regex = this.#mayOpenRegex() ? this.#take(REGEX) : null;
    return regex !== null && this.#push('regex', regex, line);
  }

  /** A whole template without substitutions is a string; of any other only the code in its substitutions is read. */
  #readTemplate(line: number): void {
    const part = this.#takeTemplatePart(line);
    if (part.endsWith('`')) this.#push('string', part.slice(0, -1), line);
    else this.#push('punctuation', '${', line);
  }

  #takeTemplatePart(line: number): string {
    this.#at += 1;
    const part = this.#take(TEMPLATE_PART);
    if (part === null) throw new Unreadable(`line ${line}: a template is never closed`);
    if (part.endsWith('${')) this.#open.push('${');
    return part;
  }

  #readPunctuation(line: number): void {
    const character = this.#source[this.#at] ?? '';
    if (/["'\\]/.test(character)) throw new Unreadable(`line ${line}: ${character} is never closed`);
    const partner = PAIRS[character];
    if (partner !== undefined) {
      const opened = this.#open.pop();
      if (opened === '${' && character === '}') {
        this.#takeTemplatePart(line);
        this.#push('punctuation', '}', line);
        return;
      }
      if (opened !== partner) throw new Unreadable(`line ${line}: ${character} closes nothing`);
    } else if ('([{'.includes(character)) {
      this.#open.push(character);
    }
    this.#at += 1;
    this.#push('punctuation', character, line);
  }

  #mayOpenRegex(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === 'word') return BEFORE_REGEX.has(last.text);
    return last.kind === 'punctuation' && ![')', ']', '}', '`'].includes(last.text);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0] ?? null;
    if (text === null || text === '') return null;
    this.#at += text.length;
    this.#line += text.split('\n').length - 1;
    return text;
  }

  #push(kind: Token['kind'], text: string, line: number): true {
    this.#tokens.push({ kind, text, line });
    return true;
  }
}
