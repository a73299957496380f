/** The page of preferences in a real browser: by keyboard and without scripts, no accessibility violation by axe, nothing wider than a phone. Needs Chromium. */
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPreferencesBrowser, type PreferencesBrowser } from './open-preferences-browser.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let web: PreferencesBrowser;
let browser: Browser;
beforeAll(async () => {
  web = await openPreferencesBrowser();
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
});
afterAll(async () => {
  await browser.close();
  await web.close();
});

/** What axe objects to, and how wide the page is. */
async function judge(page: Page): Promise<readonly unknown[]> {
  await page.addScriptTag({ path: AXE });
  const violations: unknown = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
  );
  return [violations, await page.evaluate('document.documentElement.scrollWidth')];
}

// First: only two links to one's own data are sent a day.
it('is filled in by keyboard alone, without scripts', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(web.urlOf('active'));
  const name = page.getByRole('textbox', { name: 'Name (if you like)' });
  await name.focus();
  await page.keyboard.type('Ann');
  await page.keyboard.press('Enter');
  await expect.poll(async () => await page.getByRole('status').textContent()).toContain('Saved');
  // Kept, and not shown: the link may have been forwarded.
  expect(await name.inputValue()).toBe('');
  expect(await page.getByRole('checkbox', { name: 'Forget the name' }).isVisible()).toBe(true);
  await page.getByLabel('New e-mail address').fill('nonsense');
  await page.keyboard.press('Enter');
  const field = page.getByLabel('New e-mail address');
  await expect.poll(async () => await field.getAttribute('aria-invalid')).toBe('true');
  expect(await field.inputValue()).toBe('nonsense');
  await page.getByRole('button', { name: 'Send me the link' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => await page.getByRole('status').textContent()).toContain('mail');
  await context.close();
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it.each([375, 1280])('every page is accessible and no wider than %d pixels', async (width) => {
    const viewport = { width, height: 800 };
    const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    for (const shown of web.pages) {
      await page.goto(shown.url);
      await shown.act(page);
      expect([shown.name, ...(await judge(page))]).toEqual([shown.name, [], width]);
    }
    await context.close();
  });
});
