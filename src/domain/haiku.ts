/**
 * The haiku: the three-line verse that heads a post. Three non-empty lines, nothing else is promised;
 * 5-7-5 is a hint for the author, never a rule.
 */

/** Three non-empty lines, each trimmed, without control characters. */
export type Haiku = readonly [string, string, string];

/** Lines → haiku, or null unless exactly three of them are not empty. */
export function haikuFromLines(lines: readonly string[]): Haiku | null {
  const [first, second, third, ...rest] = lines.map((line) => line.trim()).filter((line) => line !== '');
  return first && second && third && rest.length === 0 ? [first, second, third] : null;
}

/** Text in one line (`a / b / c`) or in three → haiku, or null. */
export function parseHaiku(text: string): Haiku | null {
  return haikuFromLines(text.includes('\n') ? text.split(/\r?\n/) : text.split(/\s+\/\s+/));
}

/** The haiku in one line, as titles and terminals show it: `a / b / c`. */
export function renderHaikuLine(haiku: Haiku): string {
  return haiku.join(' / ');
}
