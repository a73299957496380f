/** What is seen while it happens: a bar for a person, lines for a pipe, objects for a program. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/app/event.ts';
import { openProgress } from '../../src/cli/progress.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { EVERYTHING } from '../../src/domain/pause.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

/** A terminal that is a text, with a clock that a test moves. */
function openTerminal(isInteractive: boolean) {
  const seen = { text: '', now: 0 };
  const terminal: Terminal = {
    write: () => undefined,
    tell: (text) => void (seen.text += text),
    isInteractive,
    ask: async () => await Promise.resolve(null),
    columns: 100,
    elapsed: () => seen.now,
    hasColour: false,
  };
  return { seen, terminal };
}

const STARTED: Event = { kind: 'delivery-started', waiting: 4000 };
const ACCEPTED: Event = { kind: 'settled', digest: 7, outcome: 'accepted' };
const DEFERRED: Event = { kind: 'settled', digest: 7, outcome: 'deferred' };
const PAUSED: Event = {
  kind: 'paused',
  pause: {
    scope: EVERYTHING,
    reason: 'The mail server refuses us: 535 no',
    hint: 'Check user and password.',
    since: Temporal.Instant.from('2026-11-16T09:00:00Z'),
    until: null,
  },
};

const read = (...messages: readonly string[]): Event => ({
  kind: 'posts-read',
  published: 1,
  problems: messages.map((message) => ({ severity: 'warning', path: 'posts/a.md', line: null, message })),
});

describe('for a person', () => {
  it('tells of a problem once while it lasts, and again when it came back', async () => {
    const { seen, terminal } = openTerminal(false);
    const { report } = await openProgress(terminal, {});
    const rounds = [read('one', 'one'), read('one'), read('one', 'two'), read('two'), read('one', 'two')];
    for (const round of rounds) report(round);
    expect(seen.text).toBe(
      ['one', 'two', 'one'].map((message) => `posts/a.md: warning: ${message}\n`).join(''),
    );
  });

  it('draws how many of how many, what became of them, how fast and how long it will take', async () => {
    const { seen, terminal } = openTerminal(true);
    const { report } = await openProgress(terminal, {});
    report(STARTED);
    for (let number = 1; number <= 1000; number += 1) {
      seen.now += 5;
      report(number % 100 === 0 ? DEFERRED : ACCEPTED);
    }
    const last = seen.text.split('\r\u001B[2K').at(-1);
    expect(last).toBe('██████░░░░░░░░░░░░░░░░░░ 981/4,000  972 accepted, 9 deferred  200/s  16 s left');
  });

  it('draws a few times a second, however fast it goes', async () => {
    const { seen, terminal } = openTerminal(true);
    const { report } = await openProgress(terminal, {});
    report(STARTED);
    for (let number = 0; number < 1000; number += 1) {
      seen.now += 1;
      report(ACCEPTED);
    }
    expect(seen.text.split('\r').length - 1).toBe(10);
  });

  it('ends with the sum, on a line of its own', async () => {
    const { seen, terminal } = openTerminal(true);
    const { report, finish } = await openProgress(terminal, {});
    report({ kind: 'delivery-started', waiting: 3 });
    for (let number = 0; number < 3; number += 1) report(ACCEPTED);
    finish();
    expect(seen.text).toMatch(/█{24} 3\/3 {2}3 accepted\n$/);
  });

  it('makes room for what it has to say meanwhile', async () => {
    const { seen, terminal } = openTerminal(true);
    const { report } = await openProgress(terminal, {});
    report(STARTED);
    report(ACCEPTED);
    report(PAUSED);
    expect(seen.text).toMatch(/\r\u001B\[2Kdelivery is paused: .*535 no\n {2}Check user and password\.\n$/);
  });

  it('never draws wider than the terminal', async () => {
    const { seen, terminal } = openTerminal(true);
    const { report } = await openProgress({ ...terminal, columns: 30 }, {});
    report(STARTED);
    report(ACCEPTED);
    expect(Math.max(...seen.text.split('\r\u001B[2K').map(({ length }) => length))).toBe(29);
  });
});

describe('on a pipe', () => {
  it('says a line now and then, and the last', async () => {
    const { seen, terminal } = openTerminal(false);
    const { report, finish } = await openProgress(terminal, {});
    report(STARTED);
    for (let number = 0; number < 4000; number += 1) {
      seen.now += 3;
      report(ACCEPTED);
    }
    finish();
    const lines = seen.text.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/ 4,000\/4,000 {2}4,000 accepted {2}333\/s$/);
    expect(seen.text).not.toMatch(/[\r\u001B]/);
  });
});

describe('for a program', () => {
  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

  it('says each event by a name that stays, and the outcomes summed up', async () => {
    const { seen, terminal } = openTerminal(true);
    const { report, finish } = await openProgress(terminal, { json: true });
    report(STARTED);
    for (let number = 0; number < 2500; number += 1) {
      seen.now += 1;
      report(ACCEPTED);
    }
    report(DEFERRED);
    report(PAUSED);
    finish();
    const lines = linesOf(seen.text);
    expect(lines.map(({ event }) => event)).toEqual([
      'delivery.started',
      'delivery.progress',
      'delivery.progress',
      'delivery.paused',
      'delivery.progress',
    ]);
    expect(lines[1]).toMatchObject({ level: 30, digest: 7, accepted: 1000, deferred: 0 });
    expect(lines[4]).toMatchObject({ accepted: 500, deferred: 1 });
    expect(lines[3]).toMatchObject({ level: 40, pause: { reason: expect.stringContaining('535') } });
  });

  it('keeps passwords to itself, whoever put them into an error', async () => {
    const { seen, terminal } = openTerminal(false);
    const { report } = await openProgress(terminal, { json: true });
    report({ kind: 'round-failed', error: new Error('no smtp://ann:s3cret@mail.example:587 today') });
    report({ kind: 'round-failed', error: new OperatorError('postgres://u:s3cret@db/x is away', 'Wait.') });
    report({ kind: 'request-failed', error: 'https://u:s3cret@x.example/' });
    const lines = linesOf(seen.text);
    expect(lines.map(({ event, level }) => [event, level])).toEqual([
      ['round.failed', 50],
      ['round.failed', 50],
      ['request.failed', 50],
    ]);
    expect(lines[1]).toMatchObject({ message: 'postgres://***@db/x is away', hint: 'Wait.' });
    expect(seen.text).not.toContain('s3cret');
  });
});
