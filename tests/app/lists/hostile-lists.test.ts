/** What is no list, or only in part: it is refused in plain words, with the line, and takes no more memory than an honest one. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { describeAll, importInto, openEmptyStore } from './importing.ts';

const TEXT = 'email,name\nann@example.org,Änn Łee\nbo@example.org,Bo\n';

/** Text in UTF-16, big end first. */
function swap(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that something still points to. */
function weighHeld(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('encodings', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT), ['UTF-8']],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`), ['UTF-8']],
    ['UTF-16 LE', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), ['UTF-16 LE']],
    ['UTF-16 BE', swap(`\uFEFF${TEXT}`), ['UTF-16 BE']],
    ['UTF-16 LE without a mark', Buffer.from(TEXT, 'utf16le'), ['UTF-16 LE']],
    ['UTF-16 BE without a mark', swap(TEXT), ['UTF-16 BE']],
  ])('reads %s', async (_, bytes, encodings) => {
    const store = await openEmptyStore();
    const report = await importInto(store, [bytes]);
    expect(report).toMatchObject({ encodings, refused: 0, became: { added: 2 } });
    expect((await describeAll(store))[0]).toContain('Änn Łee');
  });

  it('reads Windows-1252, of which Latin-1 is a part, line by line', async () => {
    const store = await openEmptyStore();
    const lines = [
      Buffer.from('email,name\nann@example.org,Änn Łee\n'),
      Buffer.from('bo@example.org,B\u00F6 \u0080\n', 'latin1'),
    ];
    const { encodings } = await importInto(store, [Buffer.concat(lines)]);
    expect(encodings).toEqual(['Windows-1252']);
    const all = await describeAll(store);
    expect([all[0]?.split(', ')[1], all[1]?.split(', ')[1]]).toEqual(['Änn Łee', 'Bö €']);
  });

  it('is not misled by a chunk that ends inside a character', async () => {
    const store = await openEmptyStore();
    const bytes = Buffer.from(TEXT.repeat(200));
    const cut = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
      bytes.subarray(index * 7, index * 7 + 7),
    );
    expect((await importInto(store, cut)).encodings).toEqual(['UTF-8']);
    expect((await describeAll(store))[0]).toContain('Änn Łee');
  });
});

describe('no list at all', () => {
  it.each([
    ['an archive', Buffer.from('PK\u0003\u0004rest'), /line 1.*ZIP/],
    ['a compressed file', gzipSync(TEXT), /line 1.*gzip/],
    ['a binary file', Buffer.from('a\nb\u0000c\u0001\u0002\n'), /line 2 has a zero byte/],
  ])('%s is refused', async (_, bytes, message) => {
    const store = await openEmptyStore();
    await expect(importInto(store, [bytes])).rejects.toThrow(message);
  });

  it('two columns that may both be the address are refused', async () => {
    const store = await openEmptyStore();
    await expect(importInto(store, ['Email,Name,E-Mail Address\na@b.org,A,c@d.org\n'])).rejects.toThrow(
      'columns 1 ("Email") and 3 ("E-Mail Address") may both be the address',
    );
  });

  it('a header alone, or nothing, is nobody', async () => {
    const store = await openEmptyStore();
    for (const text of ['', '\n\n', 'email,name\n', '\uFEFFEmail Address,LEID,EUID']) {
      expect(await importInto(store, [text])).toMatchObject({ refused: 0, read: { active: 0 } });
    }
  });
});

describe('a bad line', () => {
  it('is named with its number, and its neighbours are taken', async () => {
    const store = await openEmptyStore();
    const { named, became } = await importInto(store, [
      'email,name,email_status\n',
      // What comes after the first 4 kB is taken for text.
      `#${'-'.repeat(4096)}\n`,
      'ann@example.org,Ann,active\n',
      'nobody,No,active\n',
      'nul@example\u0000.org,N,active\n',
      '"a\r\nBcc: v@example.org",B,active\n',
      ',,\n',
      'bo@example.org,Bo,whatever\n',
      'cy@example.org\n',
    ]);
    expect(became.added).toBe(2);
    expect(named.map((text) => text.replace(/: .*?: /s, ': '))).toEqual([
      '4: it needs a name, an @ and a domain',
      '5: the part after the @ is not a domain name',
      expect.stringMatching(/^6: /),
      '8: it needs a name, an @ and a domain',
      '9: nobody knows what its state "whatever" means here',
    ]);
  });

  it('may be a gigabyte long: it is never held', async () => {
    const store = await openEmptyStore();
    const block = Buffer.alloc(1_000_000, 'x');
    const before = weighHeld();
    let held = Number.POSITIVE_INFINITY;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('email\nann@example.org\n');
      for (let count = 0; count < 1000; count += 1) yield await Promise.resolve(block);
      held = weighHeld() - before;
      yield Buffer.from('\nbo@example.org\n');
    }
    const { named, became } = await importInto(store, endless());
    expect(named).toEqual(['3: : it is longer than any line of a list']);
    expect(became.added).toBe(2);
    expect(held).toBeLessThan(50_000_000);
  });

  it('may have quotes without end, on many long lines', async () => {
    const store = await openEmptyStore();
    const lines = Array.from({ length: 40 }, () => `"${'a,'.repeat(40_000)}\n`);
    const { became } = await importInto(store, ['email,name\n', ...lines, 'bo@example.org,Bo\n']);
    expect(became.added).toBe(1);
  });
});
