/** One name for one due moment, whatever the clocks do that night. */
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  isSlotOfPost,
  nameSlotOfPost,
  scheduledSlot,
  slotByHand,
  slotOfPost,
} from '../../src/domain/slot.ts';

const due = (local: string, zone: string): string =>
  scheduledSlot('weekly', Temporal.PlainDateTime.from(local), zone).dueAt.toString();

describe('scheduledSlot', () => {
  it('is named by its series and local time', () => {
    const slot = scheduledSlot('weekly', Temporal.PlainDateTime.from('2026-11-16T09:00:59'), 'Europe/Berlin');
    expect(slot).toMatchObject({ series: 'weekly', name: 'weekly 2026-11-16T09:00' });
  });

  it.each([
    ['an ordinary winter day', 'Europe/Berlin', '2026-11-16T09:00', '2026-11-16T08:00:00Z'],
    ['an ordinary summer day', 'Europe/Berlin', '2026-07-13T09:00', '2026-07-13T07:00:00Z'],
    ['UTC', 'UTC', '2026-03-29T02:30', '2026-03-29T02:30:00Z'],
    ['a zone of half hours', 'Asia/Kolkata', '2026-11-16T09:00', '2026-11-16T03:30:00Z'],
    // Spring: the hour does not exist. Due at the first instant that does.
    ['Berlin, just before the gap', 'Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59:00Z'],
    ['Berlin, the start of the gap', 'Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00:00Z'],
    ['Berlin, in the gap', 'Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00:00Z'],
    ['Berlin, the last minute of the gap', 'Europe/Berlin', '2026-03-29T02:59', '2026-03-29T01:00:00Z'],
    ['Berlin, just after the gap', 'Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['New York, in the gap', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00Z'],
    [
      'Lord Howe, in its gap of half an hour',
      'Australia/Lord_Howe',
      '2026-10-04T02:15',
      '2026-10-03T15:30:00Z',
    ],
    ['Lord Howe, after it', 'Australia/Lord_Howe', '2026-10-04T02:30', '2026-10-03T15:30:00Z'],
    ['Cairo, where the day begins at one', 'Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00:00Z'],
    ['Beirut, midnight missing', 'Asia/Beirut', '2026-03-29T00:30', '2026-03-28T22:00:00Z'],
    ['São Paulo, midnight missing in 2018', 'America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00:00Z'],
    ['Santiago, midnight missing', 'America/Santiago', '2026-09-06T00:10', '2026-09-06T04:00:00Z'],
    ['Samoa, which skipped a whole day', 'Pacific/Apia', '2011-12-30T09:00', '2011-12-30T10:00:00Z'],
    // Autumn: the hour comes twice. Due at the first.
    ['Berlin, the repeated hour', 'Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['Berlin, its start', 'Europe/Berlin', '2026-10-25T02:00', '2026-10-25T00:00:00Z'],
    ['Berlin, after it', 'Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00Z'],
    ['New York, the repeated hour', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00Z'],
    ['Lord Howe, the repeated half hour', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00Z'],
    ['Beirut, before midnight twice', 'Asia/Beirut', '2026-10-24T23:30', '2026-10-24T20:30:00Z'],
  ])('is due right: %s', (_case, zone, local, expected) => {
    expect(due(local, zone)).toBe(expected);
  });

  it('never comes before a slot of an earlier local time, over a year of half hours in every kind of zone', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'America/Santiago',
      'Asia/Tehran',
      'Africa/Casablanca',
    ]) {
      let local = Temporal.PlainDateTime.from('2026-01-01T00:00');
      let before = due(local.toString(), zone);
      const end = local.add({ days: 366 });
      const backwards: string[] = [];
      for (; Temporal.PlainDateTime.compare(local, end) < 0; local = local.add({ minutes: 30 })) {
        const now = due(local.toString(), zone);
        if (now < before) backwards.push(`${zone} ${local.toString()}`);
        before = now;
      }
      expect(backwards).toEqual([]);
    }
  });
});

describe('slotByHand', () => {
  const at = (text: string) => slotByHand('weekly', Temporal.Instant.from(text), 'Europe/Berlin');

  it('is named by the minute, and due at once', () => {
    const slot = at('2026-11-18T19:14:42.123Z');
    expect(slot.name).toBe('weekly by hand 2026-11-18T20:14');
    expect(slot.dueAt.toString()).toBe('2026-11-18T19:14:42.123Z');
  });

  it('is one for a double click, and another a minute later', () => {
    expect(at('2026-11-18T19:14:00Z').name).toBe(at('2026-11-18T19:14:59.999Z').name);
    expect(at('2026-11-18T19:15:00Z').name).not.toBe(at('2026-11-18T19:14:59.999Z').name);
  });

  it('never has the name of a scheduled one', () => {
    const scheduled = scheduledSlot(
      'weekly',
      Temporal.PlainDateTime.from('2026-11-18T20:14'),
      'Europe/Berlin',
    );
    expect(at('2026-11-18T19:14:00Z').name).not.toBe(scheduled.name);
  });
});

describe('slotOfPost', () => {
  const now = Temporal.Instant.from('2026-11-16T08:00:00Z');

  it('is named by its series and the id of the post, whatever its dates', () => {
    const slot = slotOfPost('letters', 'tag:example.org,2026-11-16:frost', now);
    expect(slot.name).toBe('letters each tag:example.org,2026-11-16:frost');
    expect(isSlotOfPost(slot)).toBe(true);
  });

  it('is no slot of a schedule, and none by hand', () => {
    const local = Temporal.PlainDateTime.from('2026-11-16T09:00');
    expect(isSlotOfPost(scheduledSlot('letters', local, 'UTC'))).toBe(false);
    expect(isSlotOfPost(slotByHand('letters', now, 'UTC'))).toBe(false);
  });

  it('has a name that is safe to print and to paste, short, and no other post has', () => {
    const ids = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 500 }),
      fc.string({
        unit: fc.constantFrom('a', '~', '%', '7', 'E', '$', '"', '\u202e'),
        minLength: 1,
        maxLength: 130,
      }),
    );
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const name = nameSlotOfPost('letters', one);
        expect(name).toMatch(/^letters each [\w:,./@+%-]{1,120}(?:~[0-9a-f]{32})?$/);
        expect(name === nameSlotOfPost('letters', other)).toBe(one === other);
      }),
    );
  });
});
