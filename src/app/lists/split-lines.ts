/** Text → lines, as a stream, whatever ends them (LF, CRLF or CR). A line longer than any honest one is given as null, and never held whole. */

/** In UTF-16 units. The longest honest ones are those of our own export, with a story of years. */
const MOST_LENGTH = 100_000;

export async function* splitLines(
  chunks: AsyncIterable<string>,
  most: number = MOST_LENGTH,
): AsyncGenerator<string | null> {
  let rest: string[] = [];
  let length = 0;
  /** A chunk ended with CR: an LF at the start of the next is of the same line end. */
  let isAfterReturn = false;
  const take = (piece: string): void => {
    length += piece.length;
    if (length > most) rest = [];
    else rest.push(piece);
  };
  const end = (): string | null => {
    const line = length > most ? null : rest.length === 1 ? (rest[0] ?? '') : rest.join('');
    rest = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let at = isAfterReturn && chunk.startsWith('\n') ? 1 : 0;
    if (chunk !== '') isAfterReturn = chunk.endsWith('\r');
    const breaks = /\r\n|[\r\n]/g;
    breaks.lastIndex = at;
    for (let found = breaks.exec(chunk); found !== null; found = breaks.exec(chunk)) {
      take(chunk.slice(at, found.index));
      at = breaks.lastIndex;
      yield end();
    }
    if (at < chunk.length) take(chunk.slice(at));
  }
  if (length > 0) yield end();
}
