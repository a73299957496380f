/**
 * What makes the copies of a digest cheap on their way: a message is a few large parts, which all copies share, with little between them. What was found
 * out about a large part once is known for every copy; the little goes together.
 */

/** Bytes. From this size on a part is worth remembering, and not worth copying. */
const LARGE = 2048;

/** The same answers, each found once for a large part while it lives. */
export function rememberLarge<Answer>(find: (part: Uint8Array) => Answer): (part: Uint8Array) => Answer {
  const known = new WeakMap<Uint8Array, { readonly answer: Answer }>();
  return (part) => {
    if (part.length < LARGE) return find(part);
    let found = known.get(part);
    if (!found) known.set(part, (found = { answer: find(part) }));
    return found.answer;
  };
}

/** The same bytes in as few parts as can be without copying a large one. */
export function gatherSmall(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const gathered: Uint8Array[] = [];
  let start = 0;
  for (const [index, part] of parts.entries()) {
    if (part.length < LARGE) continue;
    if (index > start) gathered.push(Buffer.concat(parts.slice(start, index)));
    gathered.push(part);
    start = index + 1;
  }
  if (start < parts.length) gathered.push(Buffer.concat(parts.slice(start)));
  return gathered;
}
