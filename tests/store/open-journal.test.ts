/** The journal's file: what was appended is there, and what was torn takes nothing with it. */
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { JournalLine } from '../../src/domain/journal.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { openJournal } from '../../src/store/open-journal.ts';
import { at } from './samples.ts';

async function makeFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-journal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'renga.journal');
}

const open = (file: string) => openJournal(file, { isOneOfMany: false });
const line = (epoch: number): JournalLine => ({ instance: 'here', epoch, at: at('09:00'), event: 'run' });
const DIGEST: JournalLine = {
  ...line(2),
  event: 'digest',
  digest: {
    number: 1,
    series: 'weekly',
    slot: 'weekly one',
    subject: 'a “subject”\nin two lines',
    frozenAt: at('08:30'),
    posts: ['tag:a', 'tag:b'],
  },
};
/** Equality of instants is by their text: matchers take any two for equal. */
const textOf = (lines: readonly JournalLine[]): string => JSON.stringify(lines);

it('has nothing to say before anything was written', async () => {
  expect(await open(await makeFile()).read()).toEqual([]);
});

it('gives back what was appended, in order, also to another program', async () => {
  const file = await makeFile();
  await open(file).append([line(1), DIGEST]);
  await open(file).append([line(3)]);
  const lines = await open(file).read();
  expect(JSON.parse(textOf(lines))).toEqual(JSON.parse(textOf([line(1), DIGEST, line(3)])));
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);
});

it('passes over a line that was torn, now and after more was written', async () => {
  const file = await makeFile();
  await open(file).append([line(1)]);
  await appendFile(file, '{"at":"2026-11-16T09:00:00Z","instance":"here","epo');
  expect((await open(file).read()).map(({ epoch }) => epoch)).toEqual([1]);
  await open(file).append([line(2)]);
  expect((await open(file).read()).map(({ epoch }) => epoch)).toEqual([1, 2]);
});

it('passes over a first line that was torn', async () => {
  const file = await makeFile();
  await writeFile(file, '{"at":"20');
  expect(await open(file).read()).toEqual([]);
  await open(file).append([line(1)]);
  expect((await open(file).read()).map(({ epoch }) => epoch)).toEqual([1]);
});

it('refuses a file that is something else', async () => {
  const file = await makeFile();
  await writeFile(file, 'publication:\n  title: Proofs\n');
  await expect(open(file).read()).rejects.toThrow(/is not a journal/);
});

it('says that it cannot be read or written, and where', async () => {
  const file = await makeFile();
  await mkdir(file);
  await expect(open(file).read()).rejects.toThrow(OperatorError);
  await expect(open(file).append([line(1)])).rejects.toThrow(`the journal ${file} cannot be written`);
  await expect(open(join(file, 'missing', 'x')).append([line(1)])).rejects.toThrow(OperatorError);
});

it('is for its owner only', async () => {
  const file = await makeFile();
  await open(file).append([line(1)]);
  const { mode } = await stat(file);
  expect(mode & 0o077).toBe(0);
});
