/** Pages in the coding a client takes: the same page, another tag for each, and never one from before it was replaced. */
import { hash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEncodedFiles } from '../../src/http/encoded-files.ts';
import { type ExampleWeb, openExampleWeb } from './example-web.ts';

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
  await web.write('a/index.html', PAGE);
});
afterEach(async () => await web.close());

const PAGE = `<!doctype html><title>a</title>${'<p>Five, seven, five. </p>'.repeat(200)}`;

const get = async (
  path: string,
  accepted: string | null,
  others: Record<string, string> = {},
  method = 'GET',
) =>
  await web.app.request(path, {
    method,
    headers: { ...others, ...(accepted !== null && { 'Accept-Encoding': accepted }) },
  });
const bytesOf = async (response: Response): Promise<Uint8Array> =>
  new Uint8Array(await response.arrayBuffer());

describe('a page', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('comes in %s to those who take it, smaller and whole', async (coding, decode) => {
    const response = await get('/a/', coding);
    const bytes = await bytesOf(response);
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(bytes.length).toBeLessThan(PAGE.length / 4);
    expect(decode(bytes).toString()).toBe(PAGE);
  });

  it('has another tag in each coding, by which it is known again, and by no other', async () => {
    const codings = [null, 'br', 'zstd', 'gzip'];
    const tags = await Promise.all(
      codings.map(async (coding) => (await get('/a/', coding)).headers.get('etag') ?? ''),
    );
    expect(new Set(tags).size).toBe(4);
    for (const [asked, tag] of tags.entries()) {
      const statuses = await Promise.all(
        codings.map(async (coding) => (await get('/a/', coding, { 'If-None-Match': tag })).status),
      );
      expect(statuses).toEqual(codings.map((_, index) => (index === asked ? 304 : 200)));
    }
  });

  it('says in HEAD what GET says', async () => {
    const [got, head] = [await get('/a/', 'br'), await get('/a/', 'br', {}, 'HEAD')];
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(got.headers));
    expect(await head.text()).toBe('');
  });

  it('is the new one as soon as it was replaced', async () => {
    await get('/a/', 'br');
    await web.write('a/index.html', PAGE.replaceAll('Five', 'Nine'));
    const response = await get('/a/', 'br');
    expect(brotliDecompressSync(await bytesOf(response)).toString()).toContain('Nine');
  });

  it('is sent as it is where it is small, refused, or no text', async () => {
    await web.write('small.html', 'x'.repeat(1000));
    await web.write('dot.png', 'x'.repeat(5000));
    await web.write('large.txt', 'x'.repeat((1 << 20) + 1));
    for (const [path, accepted] of [
      ['/small.html', 'br'],
      ['/dot.png', 'br'],
      ['/large.txt', 'br'],
      ['/a/', 'br;q=0, identity'],
      ['/a/', null],
    ] as const) {
      const response = await get(path, accepted);
      expect([path, response.headers.get('content-encoding')]).toEqual([path, null]);
      await response.arrayBuffer();
    }
  });
});

describe('the list of feeds', () => {
  it('is answered as feeds are', async () => {
    await web.write('feeds.opml', `<opml version="2.0">${'<outline/>'.repeat(200)}</opml>\n`);
    const response = await get('/feeds.opml', 'gzip');
    expect(response.headers.get('content-type')).toBe('text/x-opml; charset=utf-8');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const etag = response.headers.get('etag') ?? '';
    expect((await get('/feeds.opml', 'gzip', { 'If-None-Match': etag })).status).toBe(304);
  });
});

describe('what is kept', () => {
  const hashOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'base64url');
  const body = (letter: string): Uint8Array => Buffer.from(letter.repeat(5000));

  it('is made once, however many ask at once', async () => {
    const { encode } = openEncodedFiles();
    let made = 0;
    const read = async (): Promise<Uint8Array> => {
      made += 1;
      return await Promise.resolve(body('a'));
    };
    await Promise.all(Array.from({ length: 20 }, async () => await encode(hashOf(body('a')), 'br', read)));
    await encode(hashOf(body('a')), 'br', read);
    expect(made).toBe(1);
  });

  it('is no more than there is room for, and goes by when it was last asked for', async () => {
    const { encode } = openEncodedFiles(60);
    const made: string[] = [];
    const ask = async (letter: string): Promise<void> => {
      const bytes = body(letter).subarray(0, 10);
      await encode(hashOf(bytes), 'gzip', async () => {
        made.push(letter);
        return await Promise.resolve(bytes);
      });
    };
    // Each takes 20 to 30 bytes: two of them have room.
    for (const letter of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(letter);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('is nothing of what could not be read, or is not what its hash says', async () => {
    const { encode } = openEncodedFiles();
    const key = hashOf(body('a'));
    const broken = async (): Promise<never> => await Promise.reject(new Error('cut short'));
    await expect(encode(key, 'br', broken)).rejects.toThrow('cut short');
    await encode(key, 'br', async () => await Promise.resolve(body('b')));
    const made = await encode(key, 'br', async () => await Promise.resolve(body('a')));
    expect(brotliDecompressSync(made).toString()).toBe('a'.repeat(5000));
  });
});
