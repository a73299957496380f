/** How a mail of the inbox is looked at: the choices as they stand in a link's query. */

const VIEWS = ['html', 'text', 'headers', 'source'] as const;
const WIDTHS = ['phone', 'desktop'] as const;
const SCHEMES = ['light', 'dark'] as const;

export type View = (typeof VIEWS)[number];
export type Width = (typeof WIDTHS)[number];
export type Scheme = (typeof SCHEMES)[number];
export type Choice = { readonly view: View; readonly width: Width; readonly scheme: Scheme };

/** Which views a mail has; the first is shown when none is asked for. */
export function viewsOf(mail: {
  readonly html: string | null;
  readonly text: string | null;
}): readonly View[] {
  return VIEWS.filter((view) => (view !== 'html' && view !== 'text') || mail[view] !== null);
}

/** Query → choice. Whatever it does not say, or says wrongly, is the usual. */
export function parseChoice(query: Readonly<Record<string, string>>, views: readonly View[]): Choice {
  return {
    view: pick(views, query['view']) ?? views[0] ?? 'source',
    width: pick(WIDTHS, query['width']) ?? 'desktop',
    scheme: parseScheme(query['scheme']),
  };
}

export function parseScheme(text: string | undefined): Scheme {
  return pick(SCHEMES, text) ?? 'light';
}

export function renderChoice({ view, width, scheme }: Choice): string {
  return view === 'html' ? `?view=html&width=${width}&scheme=${scheme}` : `?view=${view}`;
}

function pick<T extends string>(values: readonly T[], text: string | undefined): T | undefined {
  return values.find((value) => value === text);
}
