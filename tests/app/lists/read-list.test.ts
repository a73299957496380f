/** Lists as people have them: of any program, any length, cut anywhere; a slip costs its own line and no other. */
import { array, assert, asyncProperty, constantFrom, integer, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList } from '../../../src/app/lists/read-list.ts';
import { cleanText } from '../../../src/app/lists/read-row.ts';

type ListLine = { readonly line: number; readonly text: string; readonly name: string };

async function* stream(chunks: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

const OPTIONS = {
  state: 'active',
  source: 'import list.csv',
  keepsOrigin: false,
  now: Temporal.Instant.from('2026-11-16T09:00:00Z'),
} as const;

/** Each line as it was read: an address, or the text that is none. */
async function* readAddressList(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ListLine> {
  const listener = { columns: () => OPTIONS, encoding: () => undefined };
  for await (const read of readList(chunks, listener)) {
    const { line } = read;
    if (read.kind === 'refused') yield { line, text: read.text, name: '' };
    else yield { line, text: read.arrival.address, name: read.arrival.name };
  }
}

const read = async (...chunks: readonly string[]): Promise<readonly ListLine[]> =>
  await Array.fromAsync(readAddressList(stream(chunks)));

/** The first 4 kB are looked at before anything is read; a line here has 16 bytes and more. */
const HEAD_LINES = 300;

const ann = (line: number, name = ''): ListLine => ({ line, text: 'ann@example.org', name });
const bo = (line: number, name = ''): ListLine => ({ line, text: 'bo@example.org', name });

describe('one address a line', () => {
  it('gives each with its line, without blank lines and comments', async () => {
    expect(await read('# friends\n\nann@example.org\n   \n  bo@example.org  \n#cy@example.org\n')).toEqual([
      ann(3),
      bo(5),
    ]);
  });

  it('needs no line end at the end', async () => {
    expect(await read('ann@example.org\nbo@example.org')).toEqual([ann(1), bo(2)]);
  });

  it('gives a bad line too, to be named', async () => {
    expect(await read('ann@example.org\nnot an address\nbo@example.org\n')).toEqual([
      ann(1),
      { line: 2, text: 'not an address', name: '' },
      bo(3),
    ]);
  });

  it('has nothing of an empty file, nor of a byte order mark alone', async () => {
    expect(await read()).toEqual([]);
    expect(await read('\uFEFF')).toEqual([]);
    expect(await read('\uFEFF\r\n\r\n')).toEqual([]);
  });
});

describe('CSV', () => {
  it('finds address and name by the header, in any order and case', async () => {
    expect(await read('Id,Name,E-Mail Address,City\n7,Ann Lee,ann@example.org,Ulm\n')).toEqual([
      ann(2, 'Ann Lee'),
    ]);
    expect(await read('EMAIL\nann@example.org\n')).toEqual([ann(2)]);
    expect(await read('first name,subscriber\nBo,bo@example.org\n')).toEqual([bo(2, 'Bo')]);
  });

  it('finds the address by its @ where the header has words of its own, and names that header', async () => {
    expect(await read('Nom,Courriel\nAnn,ann@example.org\nBo,bo@example.org\n')).toEqual([
      { line: 1, text: 'Nom', name: '' },
      ann(2),
      bo(3),
    ]);
  });

  it('finds the address by its @ where there is no header', async () => {
    expect(await read('7,ann@example.org\n8,bo@example.org\n9\n')).toEqual([
      ann(1),
      bo(2),
      { line: 3, text: '', name: '' },
    ]);
  });

  it('reads what spreadsheets write: a byte order mark, CRLF, and semicolons or tabs', async () => {
    expect(await read('\uFEFFemail;name\r\nann@example.org;Ann\r\n')).toEqual([ann(2, 'Ann')]);
    expect(await read('\uFEFFemail\tname\r\nann@example.org\tAnn\r\n')).toEqual([ann(2, 'Ann')]);
  });

  it('takes one separator for all: the others are text', async () => {
    expect(await read('name;email\nLee, Ann;ann@example.org\n')).toEqual([ann(2, 'Lee, Ann')]);
    expect(await read('"a,b,c,d";name;email\n1;Lee, Ann;ann@example.org\n')).toEqual([ann(2, 'Lee, Ann')]);
  });

  it('keeps separators, doubled quotes and line ends inside quotes, and the count of lines (RFC 4180 §2)', async () => {
    const text = 'email,name\n"ann@example.org","Lee, ""Ann""\nof Ulm"\n\nbo@example.org,Bo\n';
    expect(await read(text)).toEqual([ann(2, 'Lee, "Ann" of Ulm'), bo(5, 'Bo')]);
  });

  it('takes a quote inside a field for what it is', async () => {
    expect(await read(`email,name\nann@example.org,Ann "the 5"" disk\nbo@example.org,O'Bo\n`)).toEqual([
      ann(2, 'Ann "the 5"" disk'),
      bo(3, `O'Bo`),
    ]);
  });

  it('loses no line after a quote that is never closed', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `reader${index}@example.org,R`);
    const lines = await read(`email,name\n"ann@example.org,Ann\n${many.join('\n')}\nbo@example.org,Bo`);
    expect(lines).toHaveLength(52);
    expect(lines[0]).toMatchObject({ line: 2, text: '"ann@example.org' });
    expect(lines.at(-1)).toEqual(bo(53, 'Bo'));
  });

  it('loses no line between two quotes that were never closed', async () => {
    const lines = await read('email\n"cy@example.org\nann@example.org\n"di@example.org\nbo@example.org\n');
    expect(lines.map(({ line, text }) => [line, text])).toEqual([
      [2, '"cy@example.org'],
      [3, 'ann@example.org'],
      [4, '"di@example.org'],
      [5, 'bo@example.org'],
    ]);
  });
});

describe('any list', () => {
  const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
  const name = string({
    unit: constantFrom('a', 'é', ',', ';', '|', '\t', '"', "'", '\n', ' ', '#'),
    maxLength: 8,
  });
  const rows = array(tuple(name, integer({ min: 0, max: 999 })), { maxLength: 8 });

  it('comes back as it was written, wherever the chunks are cut', async () => {
    const style = record({
      separator: constantFrom(',', ';', '\t', '|'),
      lineEnd: constantFrom('\n', '\r\n', '\r'),
      mark: constantFrom('', '\uFEFF'),
    });
    await assert(
      asyncProperty(rows, style, integer({ min: 1, max: 9 }), async (list, how, size) => {
        const records = list.map(([text, number]) => [quote(text), `r${number}@example.org`]);
        const text = [['Name', 'Email'], ...records]
          .map((row) => row.join(how.separator) + how.lineEnd)
          .join('');
        const whole = how.mark + text;
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
          whole.slice(index * size, (index + 1) * size),
        );
        const found = (await read(...chunks)).map((line) => [line.name, line.text]);
        expect(found).toEqual(list.map(([text, number]) => [cleanText(text, 100), `r${number}@example.org`]));
      }),
      { numRuns: 300 },
    );
  });

  it('is read as it comes: what tells its kind, and then no more than a line needs', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked += 1;
        yield await Promise.resolve(Buffer.from(`r${asked}@example.org\n`));
      }
    }
    let lines = readAddressList(endless());
    expect((await lines.next()).value).toMatchObject({ line: 1 });
    expect(asked).toBeLessThan(HEAD_LINES);
    // Nor does a quote that is never closed gather the rest of the list.
    async function* slipped(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('"r0@example.org\n'));
      yield* endless();
    }
    asked = 0;
    const first = await readAddressList(slipped()).next();
    expect([first.value, asked < HEAD_LINES]).toEqual([{ line: 1, text: '"r0@example.org', name: '' }, true]);
    asked = 0;
    lines = readAddressList(endless());
    for (let count = 1; count <= 100_000; count += 1) await lines.next();
    expect((await lines.next()).value).toMatchObject({ line: 100_001, text: 'r100001@example.org' });
    expect(asked).toBeLessThan(100_001 + HEAD_LINES);
    await lines.return(undefined);
  });
});
