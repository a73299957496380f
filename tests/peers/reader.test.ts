/** The way of a reader, in Chromium at the real program: in by a pasted form, a digest, out by one click, back, out by the page; every page is accessible. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { READER, type Stop, STOPS, walkAsReader } from './walk-as-reader.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Not pages of the server: somebody else's site, and the inbox, which shows what a mail program would. */
const ELSEWHERE: ReadonlySet<Stop> = new Set(['pasted-form', 'confirmation', 'digest', 'goodbye']);

/** A word that tells that the reader is where they think they are. */
const SEEN: Readonly<Record<Stop, string>> = {
  'pasted-form': 'Ann’s page',
  'look-into-your-mail': 'Look into your mail',
  confirmation: 'please confirm',
  confirm: 'One more press',
  welcome: 'Welcome',
  digest: 'Inbox',
  preferences: 'What you get',
  saved: 'Saved.',
  goodbye: 'Inbox',
  undo: 'Come back',
  back: 'Welcome back',
  unsubscribe: 'Unsubscribe',
  left: 'You are unsubscribed',
};

it('goes in, gets a digest, and goes out, and back, and out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renga-reader-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  onTestFinished(async () => await browser.close());
  const seen: Stop[] = [];
  const stopAt = async (stop: Stop, page: Page): Promise<void> => {
    seen.push(stop);
    expect([stop, await page.textContent('body')]).toEqual([stop, expect.stringContaining(SEEN[stop])]);
    if (ELSEWHERE.has(stop)) return;
    // The whole address is nowhere: whoever looks over a shoulder reads half of it.
    expect(await page.content()).not.toContain(READER);
    // Run by the debugger, so that the policy of the page stays in force.
    await page.evaluate(axe);
    const violations: unknown = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
    );
    expect([stop, violations]).toEqual([stop, []]);
  };
  const shown = await walkAsReader({ browser, folder, stopAt });
  expect(seen.toSorted()).toEqual(STOPS.toSorted());
  expect(shown).toMatchObject({ state: 'unsubscribed', series: ['daily'] });
  expect(JSON.stringify(shown)).toMatch(/asked.*confirmed.*chose.*left.*returned.*left/);
});
