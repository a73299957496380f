/** A failure that lasts is told once. */
import { expect, it } from 'vitest';
import type { Event } from '../../src/app/event.ts';
import { openFailureTeller } from '../../src/app/tell-failures.ts';

it('tells what is new, and again after it was over', () => {
  const events: Event[] = [];
  const teller = openFailureTeller({ report: (event) => void events.push(event) });
  const full = (): Error => new Error('the disk is full');
  teller.failed(full());
  teller.failed(full());
  teller.failed(new Error('the disk failed'));
  teller.failed(full());
  teller.wentWell();
  teller.failed(full());
  expect(events.map((event) => event.kind === 'round-failed' && String(event.error))).toEqual([
    'Error: the disk is full',
    'Error: the disk failed',
    'Error: the disk is full',
    'Error: the disk is full',
  ]);
});
