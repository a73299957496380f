/** The feeds before libxml2, which forgives nothing. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { renderFeeds } from '../../src/render/feeds/render-feeds.ts';
import { SAMPLES, sampleDocument } from '../render/feeds/sample-entries.ts';

describe('xmllint', () => {
  const feeds = renderFeeds(sampleDocument(SAMPLES));

  it.each([
    ['RSS', feeds.rss],
    ['Atom', feeds.atom],
  ])('reads our %s without a word', (_, xml) => {
    const said = execFileSync('xmllint', ['--noout', '--nonet', '-'], {
      input: xml,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(said).toBe('');
  });

  it('would refuse what is not well-formed', () => {
    expect(() =>
      execFileSync('xmllint', ['--noout', '-'], { input: `${feeds.rss}<`, stdio: 'pipe' }),
    ).toThrow('xmllint');
  });
});
