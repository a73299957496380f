/** A mail told that it is seen in the light, or in the dark. */
import { describe, expect, it } from 'vitest';
import { forceScheme } from '../../../src/http/inbox/force-scheme.ts';

const MAIL = `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark">
<style>@media ( Prefers-Color-Scheme : dark ) { p { color: white } } @media screen and (prefers-color-scheme:light) { p { color: black } }</style>
</head><body><p>Ask <code>(prefers-color-scheme: dark)</code> in CSS.</p>
<picture><source media="(prefers-color-scheme: dark)" srcset="d.png"><img src="l.png" alt=""></picture></body></html>`;

describe('a mail in a scheme', () => {
  it('dark: what asks for dark holds, what asks for light does not, and the words are as they were', () => {
    const dark = forceScheme(MAIL, 'dark');
    expect(dark).toContain('@media (min-width: 0) { p { color: white } }');
    expect(dark).toContain('@media screen and (max-width: 0) { p { color: black } }');
    expect(dark).toContain('<source media="(min-width: 0)"');
    expect(dark).toContain('<code>(prefers-color-scheme: dark)</code>');
    expect(dark).toContain('<head><base target="_blank"><style>:root{color-scheme:dark!important}</style>');
  });

  it('light: the other way round', () => {
    const light = forceScheme(MAIL, 'light');
    expect(light).toContain('@media (max-width: 0) { p { color: white } }');
    expect(light).toContain('<source media="(max-width: 0)"');
    expect(light).toContain(':root{color-scheme:light!important}');
  });

  it.each([
    '<p>no style at all</p>',
    '<html><body>color-scheme: only in words; dark</body></html>',
    '<style>:root { color-scheme: light }</style>',
    '<meta name="color-scheme" content="light">',
  ])('stays light in a dark program when it has no dark form: %s', (html) => {
    expect(forceScheme(html, 'dark')).toContain(':root{color-scheme:light!important}');
  });

  it.each([
    '<style>:root { color-scheme: light dark; }</style>',
    "<meta content='light dark' name='color-scheme'>",
    '<STYLE>:root{supported-color-schemes:light dark}</STYLE>',
  ])('is dark when it says it can be: %s', (html) => {
    expect(forceScheme(html, 'dark')).toContain(':root{color-scheme:dark!important}');
  });

  it('without a head is given its words at the front', () => {
    expect(forceScheme('<!DOCTYPE html><p>x', 'light')).toMatch(/^<!DOCTYPE html><base /);
    expect(forceScheme('<header>x</header>', 'light')).toMatch(/^<base .*<header>x<\/header>$/);
    expect(forceScheme('', 'light')).toMatch(/^<base /);
  });

  it('takes no longer than it should for hostile HTML', () => {
    const hostile = ['<style>'.repeat(100_000), '<meta '.repeat(100_000), 'color-scheme:'.repeat(100_000)];
    for (const html of hostile) expect(forceScheme(html, 'dark').length).toBeGreaterThan(html.length);
  });
});
