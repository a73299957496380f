/** Values as JSON for other programs: dates as ISO 8601 with their offset and without the zone's name in brackets. */

/** On several lines for a person's eye as well; `renderJsonLine` for streams of one object a line. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, replaceDates, 2)}\n`;
}

export function renderJsonLine(value: unknown): string {
  return `${JSON.stringify(value, replaceDates)}\n`;
}

/** JSON.stringify has called toJSON already when it calls a replacer: the original is in the holder. */
function replaceDates(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Readonly<Record<string, unknown>>)[key];
  return original instanceof Temporal.ZonedDateTime ? original.toString({ timeZoneName: 'never' }) : value;
}
