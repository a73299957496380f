/** Takes the pictures of docs/subscribing.md, light and dark: the places that a reader passes from a pasted form to a goodbye, on one walk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walkAsReader } from '../tests/peers/walk-as-reader.ts';

const STOPS = new Set([
  'pasted-form',
  'look-into-your-mail',
  'confirmation',
  'confirm',
  'preferences',
  'unsubscribe',
  'goodbye',
]);
/** In full length, as they are looked at. */
const WHOLE = new Set(['confirmation', 'preferences', 'goodbye']);
const SIZE = { width: 760, height: 560 };

/** Into the folder `images`: `subscribe-STOP-SCHEME.png`. */
export async function photographReader(browser, images) {
  const folder = mkdtempSync(join(tmpdir(), 'renga-reader-'));
  const stopAt = async (stop, page) => {
    if (!STOPS.has(stop)) return;
    await page.setViewportSize(SIZE);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: join(images, `subscribe-${stop}-${colorScheme}.png`),
        fullPage: WHOLE.has(stop),
      });
    }
  };
  try {
    await walkAsReader({ browser, folder, stopAt });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
