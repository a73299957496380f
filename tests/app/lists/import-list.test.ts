/** Lists as other programs export them: known by their header, with the dates of consent; who left or bounced is kept out, and nobody is revived. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/domain/address.ts';
import type { Store } from '../../../src/domain/store.ts';
import { describeAll, describeStory, importFixture, importInto, NOW, openEmptyStore } from './importing.ts';

const NOW_TEXT = NOW.toString();

async function suppress(store: Store, text: string): Promise<void> {
  const parsed = parseAddress(text);
  if (parsed.kind === 'address') await store.subscribers.suppress(parsed.address, 'complaint', NOW);
}

describe('an export of Mailchimp', () => {
  it('keeps who subscribed, with the times they agreed, and what has no place here in words', async () => {
    const store = await openEmptyStore();
    const report = await importFixture(store, 'mailchimp-subscribed.csv');
    expect(report).toMatchObject({
      form: 'Mailchimp',
      read: { active: 2 },
      became: { added: 2 },
      refused: 0,
    });
    expect(await describeAll(store)).toEqual([
      'active ann@example.org, Ann Lee, since 2013-06-25T17:38:27Z, agreed 2013-06-25T17:40:01Z',
      'active bo@example.org, since 2019-01-02T03:04:05Z, agreed 2019-01-02T03:04:05Z',
    ]);
    expect(await describeStory(store, 1)).toEqual([
      '2013-06-25T17:38:27Z asked, Mailchimp',
      '2013-06-25T17:40:01Z confirmed, Mailchimp',
      `${NOW_TEXT} imported, import mailchimp-subscribed.csv: labels: "VIP","friend"`,
    ]);
    const [ann] = await Array.fromAsync(store.subscribers.list());
    // What they were labelled there is not what they chose to read here.
    expect(ann?.tags).toBeNull();
  });

  it('keeps addresses of origin only where that is allowed', async () => {
    const store = await openEmptyStore();
    await importFixture(store, 'mailchimp-subscribed.csv', { keepsOrigin: true });
    expect((await describeStory(store, 1)).slice(0, 2)).toEqual([
      '2013-06-25T17:38:27Z asked, Mailchimp from 192.0.2.7',
      '2013-06-25T17:40:01Z confirmed, Mailchimp from 192.0.2.8',
    ]);
  });

  it('keeps out who unsubscribed and whose address was cleaned', async () => {
    const store = await openEmptyStore();
    await importFixture(store, 'mailchimp-unsubscribed.csv');
    await importFixture(store, 'mailchimp-cleaned.csv');
    expect(await describeAll(store)).toEqual([
      'unsubscribed cy@example.org, Cy, since 2015-01-01T00:00:00Z, agreed 2015-01-01T00:01:00Z, ended 2020-02-03T04:05:06Z (unsubscribed at Mailchimp: NORMAL (No longer interested))',
      'suppressed di@example.org, Di, since 2015-01-01T00:01:00Z, agreed 2015-01-01T00:01:00Z, ended 2021-02-03T04:05:06Z (bounced at Mailchimp)',
    ]);
    const again = await importInto(store, ['email\ncy@example.org\ndi@example.org\n']);
    expect(again.became).toMatchObject({ added: 0, kept: 1, 'kept-out': 1 });
    expect((await store.subscribers.counts()).active).toBe(0);
  });

  it('is believed by its name where its columns were taken out, and refused where nobody ever agreed', async () => {
    const store = await openEmptyStore();
    const rows = ['Email Address,LEID,EUID\ncy@example.org,1,a\n'];
    await importInto(store, rows, { file: 'unsubscribed_email_audience_export_1.csv' });
    expect((await store.subscribers.counts()).unsubscribed).toBe(1);
    await expect(
      importInto(store, rows, { file: 'nonsubscribed_email_audience_export_1.csv' }),
    ).rejects.toThrow('never agreed');
  });
});

describe('an export of others', () => {
  it('of Substack: who switched mail off has left', async () => {
    const store = await openEmptyStore();
    expect((await importFixture(store, 'substack.csv')).form).toBe('Substack');
    expect(await describeAll(store)).toEqual([
      'active ann@example.org, since 2025-09-01T08:00:00Z, agreed 2025-09-01T08:00:00Z',
      `unsubscribed bo@example.org, since 2025-10-12T12:30:00Z, ended ${NOW_TEXT} (unsubscribed at Substack)`,
    ]);
  });

  it('of Ghost: members who take no mail, and deleted ones, have left', async () => {
    const store = await openEmptyStore();
    expect((await importFixture(store, 'ghost.csv')).form).toBe('Ghost');
    expect(await describeAll(store)).toEqual([
      'active ann@example.org, Ann Lee, since 2024-01-15T10:00:00Z, agreed 2024-01-15T10:00:00Z',
      `unsubscribed bo@example.org, since 2024-02-10T08:00:00Z, ended ${NOW_TEXT} (unsubscribed at Ghost)`,
      'unsubscribed cy@example.org, since 2024-02-10T08:00:00Z, ended 2025-01-01T00:00:00Z (unsubscribed at Ghost)',
    ]);
    expect((await describeStory(store, 1)).at(-1)).toContain('labels: early,friends');
  });

  it('of Buttondown: by type; one that nobody knows is refused, not guessed', async () => {
    const store = await openEmptyStore();
    const report = await importFixture(store, 'buttondown.csv');
    expect(report.form).toBe('Buttondown');
    expect(report.named).toEqual(['6: ed@example.org: nobody knows what its state "upcoming" means here']);
    expect(await describeAll(store)).toEqual([
      'active ann@example.org, since 2023-03-04T05:06:07.891Z, agreed 2023-03-04T05:06:07.891Z',
      `pending bo@example.org, since ${NOW_TEXT}`,
      'unsubscribed cy@example.org, since 2023-03-04T00:00:00Z, ended 2024-01-01T00:00:00Z (unsubscribed at Buttondown: too often)',
      `suppressed di@example.org, since 2023-03-04T00:00:00Z, ended ${NOW_TEXT} (complained at Buttondown)`,
    ]);
  });

  it('of listmonk: the blocklisted are kept out', async () => {
    const store = await openEmptyStore();
    expect((await importFixture(store, 'listmonk.csv')).form).toBe('listmonk');
    expect(await describeAll(store)).toEqual([
      'active ann@example.org, Ann Lee, since 2023-01-02T15:04:06Z, agreed 2023-01-02T15:04:06Z',
      `suppressed bo@example.org, Bo, since 2023-01-02T14:04:05.5Z, ended ${NOW_TEXT} (blocklisted at listmonk)`,
    ]);
  });
});

describe('a plain list', () => {
  it('is pending, unless its writer vouches for it or says what it is', async () => {
    const store = await openEmptyStore();
    const rows = ['ann@example.org\n'];
    await importInto(store, rows, { confirmed: false });
    expect((await store.subscribers.counts()).pending).toBe(1);
    expect((await importInto(store, rows)).became).toMatchObject({ confirmed: 1 });
    expect((await importInto(store, rows, { as: 'unsubscribed' })).became).toMatchObject({ ended: 1 });
    expect((await importInto(store, rows, { as: 'suppressed' })).became).toMatchObject({ ended: 1 });
    expect((await importInto(store, rows)).became).toMatchObject({ 'kept-out': 1 });
  });

  it.each(['unsubscribed.txt', 'hard-bounces.csv', 'do-not-mail.txt', 'Suppression list.csv'])(
    'called %s is not taken for people who want mail',
    async (file) => {
      const store = await openEmptyStore();
      await expect(importInto(store, ['ann@example.org\n'], { file })).rejects.toThrow(
        'must not be written to',
      );
      expect(
        (await importInto(store, ['email,status\nann@example.org,left\n'], { file })).read,
      ).toMatchObject({
        unsubscribed: 1,
      });
    },
  );

  it('revives nobody who left, complained or was erased', async () => {
    const store = await openEmptyStore();
    await importInto(store, ['ann@example.org\nbo@example.org\n']);
    await store.subscribers.unsubscribe(1, 'one-click', NOW);
    await suppress(store, 'bo@example.org');
    const cy = parseAddress('cy@example.org');
    if (cy.kind === 'address') await store.subscribers.erase(cy.address, 'by hand', NOW);
    const { became } = await importInto(store, ['ann@example.org\nbo@example.org\ncy@example.org\n']);
    expect(became).toMatchObject({ added: 0, kept: 1, 'kept-out': 2 });
    expect((await store.subscribers.counts()).active).toBe(0);
  });

  it('reads only, when it is only asked what it would do', async () => {
    const store = await openEmptyStore();
    const { read, became } = await importInto(store, ['ann@example.org\n'], { dryRun: true });
    expect([read.active, became.added]).toEqual([1, 1]);
    expect(await describeAll(store)).toEqual([]);
  });

  it('gives the same list when it died in between and is imported again', async () => {
    const list = Array.from({ length: 2500 }, (_, index) => `r${index}@example.org\n`);
    const whole = await openEmptyStore();
    await importInto(whole, list);
    const store = await openEmptyStore();
    async function* dying(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(list.slice(0, 1700).join(''));
      yield await Promise.reject(new Error('killed'));
    }
    await expect(importInto(store, dying())).rejects.toThrow('killed');
    expect((await store.subscribers.counts()).active).toBe(1500);
    expect((await importInto(store, list)).became).toMatchObject({ added: 1000, kept: 1500 });
    expect(await describeAll(store)).toEqual(await describeAll(whole));
    expect(await store.subscribers.story(700)).toHaveLength(1);
  });

  it('keeps a time it cannot read in words, and believes none that is to come', async () => {
    const store = await openEmptyStore();
    await importInto(store, ['email,created_at,confirmed_at\nann@example.org,1/2/24,2033-01-01\n']);
    expect(await describeStory(store, 1)).toEqual([
      `${NOW_TEXT} imported, import list.csv: asked at 1/2/24; confirmed at 2033-01-01`,
    ]);
  });
});
