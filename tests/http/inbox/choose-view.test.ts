/** The choices of a view as they stand in a link. */
import { describe, expect, it } from 'vitest';
import { parseChoice, renderChoice, viewsOf } from '../../../src/http/inbox/choose-view.ts';

const ALL = viewsOf({ html: '<p>', text: 'words' });

describe('how a mail is looked at', () => {
  it('offers what the mail has', () => {
    expect(ALL).toEqual(['html', 'text', 'headers', 'source']);
    expect(viewsOf({ html: null, text: 'words' })).toEqual(['text', 'headers', 'source']);
    expect(viewsOf({ html: null, text: null })).toEqual(['headers', 'source']);
  });

  it.each([
    [{}, { view: 'html', width: 'desktop', scheme: 'light' }],
    [{ view: 'text' }, { view: 'text', width: 'desktop', scheme: 'light' }],
    [
      { width: 'phone', scheme: 'dark' },
      { view: 'html', width: 'phone', scheme: 'dark' },
    ],
    [
      { view: '__proto__', width: '" onload="x', scheme: 'DARK' },
      { view: 'html', width: 'desktop', scheme: 'light' },
    ],
  ])('%j means %j', (query, choice) => {
    expect(parseChoice(query as Record<string, string>, ALL)).toEqual(choice);
  });

  it('comes back from its link', () => {
    const choice = { view: 'html', width: 'phone', scheme: 'dark' } as const;
    const query = Object.fromEntries(new URLSearchParams(renderChoice(choice)));
    expect(parseChoice(query, ALL)).toEqual(choice);
  });
});
