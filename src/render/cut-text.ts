/** Cuts text to a length where a reader would: between words if one ends near, and never inside a grapheme (UAX #29). */

/** At most `limit` UTF-16 units, the ellipsis included. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = cutGraphemes(text, limit - 1);
  const word = /^[\s\S]*\S(?=\s)/.exec(text.slice(0, head.length + 1))?.[0] ?? '';
  const kept = word.length >= head.length / 2 ? word : head;
  return `${kept.replace(/[\s,;:–—-]+$/u, '')}…`;
}

function cutGraphemes(text: string, limit: number): string {
  // Between two printable characters of ASCII no grapheme goes on.
  if (/^[ -~]{2}/.test(text.slice(limit - 1, limit + 1))) return text.slice(0, limit).toWellFormed();
  let end = 0;
  // One grapheme beyond the limit is enough to know where the last whole one ends.
  for (const { index } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(
    text.slice(0, limit + 64),
  )) {
    if (index > limit) break;
    end = index;
  }
  return text.slice(0, end === 0 ? limit : end).toWellFormed();
}
