/**
 * The package runs each piece of a template through a dozen generators, for its values may be promises. Ours are plain data, and most pieces are text, print
 * a variable, or ask for one: those are done at once, in a fifth of the time. Anything else, and every fault, is left to the package.
 */
import {
  type Context,
  type Emitter,
  IfTag,
  isTruthy,
  type Liquid,
  Output,
  type Template as Piece,
  type Token,
  TypeGuards,
  toValue,
  toValueSync,
  UnlessTag,
} from 'liquidjs';
import { escapeHtml } from '../html-pieces.ts';

/** The text of a piece of a template; null where it is not as simple as it looked. */
type QuickPiece = (context: Context) => string | null;
type RenderPieces = (pieces: readonly Piece[], context: Context, emitter?: Emitter) => string;

/** For an engine that escapes. From now on it does at once what can be done so. */
export function hurry({ renderer }: Liquid): void {
  const renderWhole = renderer.renderTemplates.bind(renderer);
  const known = new WeakMap<Piece, QuickPiece>();
  const renderTemplates: RenderPieces = (pieces, context, emitter = openEmitter()) => {
    for (const piece of pieces) {
      const quick = known.get(piece) ?? quickPiece(piece, renderTemplates);
      known.set(piece, quick);
      const text = quick(context);
      if (text === null) toValueSync(renderWhole([piece], context, emitter));
      else emitter.buffer += text;
      if (context.breakCalled || context.continueCalled) break;
    }
    return emitter.buffer;
  };
  Object.assign(renderer, { renderTemplates });
}

function openEmitter(): Emitter {
  const textOf = (value: unknown): string => {
    const plain = toValue(value) as string | number | boolean | null | undefined | readonly unknown[];
    return Array.isArray(plain) ? plain.map(textOf).join('') : String(plain ?? '');
  };
  return {
    buffer: '',
    write(value: unknown) {
      this.buffer += textOf(value);
    },
  };
}

const NEVER: QuickPiece = () => null;

function quickPiece(piece: Piece, render: RenderPieces): QuickPiece {
  if (TypeGuards.isHTMLToken(piece.token)) {
    const text = piece.token.getContent();
    return () => text;
  }
  if (piece instanceof Output) return quickOutput(piece);
  return piece instanceof IfTag || piece instanceof UnlessTag ? quickChoice(piece, render) : NEVER;
}

/** With one filter: `raw`, or the escaping that all others end with. */
function quickOutput({ value: { initial, filters } }: Output): QuickPiece {
  const [filter, ...more] = filters;
  const [token, ...others] = initial.postfix;
  const path = others.length > 0 ? null : pathOf(token);
  if (!filter || !path || more.length > 0) return NEVER;
  return (context) => {
    const value = read(context, path);
    return typeof value !== 'string' ? null : filter.raw ? value : escapeAll(value);
  };
}

/** As the package's own filter does. */
function escapeAll(text: string): string {
  return escapeHtml(text).replaceAll('&quot;', '&#34;').replaceAll("'", '&#39;');
}

function quickChoice(tag: IfTag | UnlessTag, render: RenderPieces): QuickPiece {
  const branches = tag.branches.map((branch, index) => ({
    pieces: branch.templates,
    // Of `unless` the first branch is the one that is taken where its condition does not hold.
    isWanted: !(tag instanceof UnlessTag && index === 0),
    steps: branch.value.filters.length > 0 ? [UNSURE] : branch.value.initial.postfix.map(stepOf),
  }));
  return (context) => {
    for (const { pieces, isWanted, steps } of branches) {
      const operands: unknown[] = [];
      if (!steps.every((step) => step(operands, context))) return null;
      if (isTruthy(operands[0], context) === isWanted) return render(pieces, context);
    }
    return render(tag.elseTemplates ?? [], context);
  };
}

/** A step of a condition in postfix form; false where the package has to say what it means. */
type Step = (operands: unknown[], context: Context) => boolean;
const UNSURE: Step = () => false;

function stepOf(token: Token): Step {
  if (TypeGuards.isOperatorToken(token)) return operatorOf(token.operator);
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) {
    const { content } = token;
    return (operands) => operands.push(content) > 0;
  }
  const path = pathOf(token);
  return path ? (operands, context) => operands.push(read(context, path)) > 0 : UNSURE;
}

function operatorOf(name: string): Step {
  return (operands, context) => {
    const [left, right] = operands.splice(-2);
    if (name === 'or') return operands.push(isTruthy(left, context) || isTruthy(right, context)) > 0;
    if (name === 'and') return operands.push(isTruthy(left, context) && isTruthy(right, context)) > 0;
    if (typeof left !== typeof right || typeof left === 'object') return false;
    if (name === '==' || name === '!=') return operands.push((left === right) === (name === '==')) > 0;
    const areNumbers = typeof left === 'number' && typeof right === 'number';
    return name === '>' && areNumbers && operands.push(left > right) > 0;
  };
}

/** `post.title` → its names; null for what is no plain way into the data. */
function pathOf(token: Token | undefined): readonly string[] | null {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable) return null;
  const names = token.props.map((name) => (TypeGuards.isWordToken(name) ? name.content : null));
  return names.includes(null) ? null : names.filter((name) => name !== null);
}

function read(context: Context, path: readonly string[]): unknown {
  try {
    return context.getSync([...path]);
  } catch {
    // There is no such thing.
    return undefined;
  }
}
