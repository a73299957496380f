/** A database that was put back from an older copy, or lost and made afresh: the real program mails nobody twice. */
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Campaign, countStates, deliverRest, readDeliveries } from './campaign.ts';
import { prepareGround } from './proof-ground.ts';
import { type Ended, runRenga } from './run-renga.ts';

const TIME_LIMIT = 300_000;
const SUBSCRIBERS = 20;
const ground = prepareGround(SUBSCRIBERS);

const say = async ({ publication }: Campaign, ...words: readonly string[]): Promise<Ended> =>
  await runRenga(publication.root, words, { hours: 1 });

async function countTaken({ server }: Campaign): Promise<number> {
  return (await server.lines()).filter(({ at }) => at === 'taken').length;
}

async function removeDatabase({ publication }: Campaign): Promise<string> {
  const file = join(publication.root, 'var', 'renga.db');
  for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true });
  return file;
}

/** Everything is sent, and then the database is as it was before. */
async function openRestored(): Promise<Campaign> {
  const campaign = await ground.open();
  const copy = join(campaign.publication.root, 'copy.db');
  expect(await say(campaign, 'backup', copy)).toMatchObject({ code: 0, error: '' });
  await deliverRest(campaign);
  expect(await countTaken(campaign)).toBe(SUBSCRIBERS);
  await copyFile(copy, await removeDatabase(campaign));
  return campaign;
}

describe('a database put back from an older copy', { timeout: TIME_LIMIT }, () => {
  it('sends nothing until a person has said so, and then only what is sure', async () => {
    const campaign = await openRestored();
    const refused = await say(campaign, 'deliver');
    expect(refused).toMatchObject({ code: 2, error: expect.stringMatching(/older than what was sent/) });
    const status = await say(campaign, 'status');
    expect(status.out).toMatch(/renga recover/);
    const unsure = await say(campaign, 'recover');
    expect(unsure).toMatchObject({ code: 2, error: expect.stringMatching(/nobody to answer/) });
    expect(unsure.out).toContain(`${SUBSCRIBERS} open deliveries may have been sent`);
    const recovered = await say(campaign, 'recover', '--yes');
    expect(recovered).toMatchObject({ code: 0, error: '' });
    await deliverRest(campaign);
    expect(await countTaken(campaign)).toBe(SUBSCRIBERS);
    expect(countStates(await readDeliveries(campaign))).toEqual({ 'in-doubt': SUBSCRIBERS });
    expect((await say(campaign, 'recover')).out).toMatch(/nothing to recover/);
    // One of them says that nothing came.
    const sent = await say(
      campaign,
      'deliveries',
      'resolve',
      '1',
      'reader3@example.org',
      '--resend',
      '--yes',
    );
    expect(sent).toMatchObject({ code: 0, out: expect.stringMatching(/1 delivery due again/) });
    await deliverRest(campaign);
    expect(await countTaken(campaign)).toBe(SUBSCRIBERS + 1);
  });

  it('sends all of it again where that is wanted', async () => {
    const campaign = await openRestored();
    expect(await say(campaign, 'recover', '--resend', '--yes')).toMatchObject({ code: 0, error: '' });
    await deliverRest(campaign);
    expect(countStates(await readDeliveries(campaign))).toEqual({ accepted: SUBSCRIBERS });
    expect(await countTaken(campaign)).toBe(2 * SUBSCRIBERS);
  });

  it('that was made after the last message is known for older, too', async () => {
    const campaign = await ground.open();
    await deliverRest(campaign);
    const copy = join(campaign.publication.root, 'copy.db');
    await say(campaign, 'backup', copy);
    await copyFile(copy, await removeDatabase(campaign));
    expect((await say(campaign, 'deliver')).error).toMatch(/older than what was sent/);
  });
});

describe('a database that was deleted', { timeout: TIME_LIMIT }, () => {
  it('is made afresh, and mails nobody a digest that they had', async () => {
    const campaign = await ground.open();
    await deliverRest(campaign);
    await removeDatabase(campaign);
    const list = join(campaign.publication.root, 'again.txt');
    await writeFile(list, campaign.publication.audience.join('\n'));
    expect(await say(campaign, 'subscribers', 'import', list, '--confirmed', '--yes')).toMatchObject({
      code: 0,
    });
    const publish = ['publish', '--digest', '--yes'];
    expect(await say(campaign, ...publish)).toMatchObject({
      code: 2,
      error: expect.stringMatching(/not the database that was sent from/),
    });
    expect(await say(campaign, 'recover', '--yes')).toMatchObject({ code: 0, error: '' });
    expect(await say(campaign, ...publish)).toMatchObject({ code: 0 });
    expect(await countTaken(campaign)).toBe(SUBSCRIBERS);
  });
});

describe('a journal that is gone', { timeout: TIME_LIMIT }, () => {
  it('stops sending until a person vouches for the database', async () => {
    const campaign = await ground.open();
    await rm(join(campaign.publication.root, 'renga.journal'));
    expect((await say(campaign, 'deliver')).error).toMatch(/the journal .* is missing/);
    expect(await say(campaign, 'recover', '--resend', '--yes')).toMatchObject({ code: 0, error: '' });
    await deliverRest(campaign);
    expect(countStates(await readDeliveries(campaign))).toEqual({ accepted: SUBSCRIBERS });
  });
});
