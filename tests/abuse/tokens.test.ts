/** Tokens that were changed, cut, borrowed or used before: only the very token does what it is for, and no second use undoes what somebody did since. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderLinkToken } from '../../src/domain/link-token.ts';
import { renderPurposeToken } from '../../src/domain/purpose-token.ts';
import { addressOf, NOW } from '../http/example-web.ts';
import { composeRequest, exchange, LINK_KINDS, openTarget, PRESSED_KINDS, type Target } from './target.ts';

let target: Target;
beforeEach(async () => {
  target = await openTarget();
});
afterEach(async () => await target.close());

const press = async (path: string): Promise<number | undefined> =>
  (await exchange(target.running.port, composeRequest(`POST ${path}`, ['Content-Length: 0'])))[0]?.status;
const look = async (path: string): Promise<number | undefined> =>
  (await exchange(target.running.port, composeRequest(`GET ${path}`)))[0]?.status;

const tokenOf = (path: string): string => path.split('/').at(-1) ?? '';
const encodeAll = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Those that were taken for somebody's, or after which anything was not as before. */
async function findWorking(kind: string, tokens: readonly string[]): Promise<readonly string[]> {
  const before = target.look();
  const working: string[] = [];
  for (const token of new Set(tokens)) {
    const statuses = [await look(`/${kind}/${token}`), await press(`/${kind}/${token}`)];
    if (!statuses.every((status) => status === 404 || status === 400 || status === 405)) working.push(token);
  }
  expect(target.look()).toEqual(before);
  return working;
}

describe.each([...LINK_KINDS])('a token of %s', (kind) => {
  it('is worth nothing with any bit of it changed', async () => {
    const bytes = Buffer.from(tokenOf(target.links[kind]), 'base64url');
    const changed = [...bytes.keys()].flatMap((index) =>
      [0x01, 0xff].map((mask) => {
        const copy = Buffer.from(bytes);
        copy[index] = copy[index]! ^ mask;
        return copy.toString('base64url');
      }),
    );
    expect(await findWorking(kind, changed)).toEqual([]);
  });

  it('is worth nothing with any character of it changed, cut off, doubled, or in another case', async () => {
    const token = tokenOf(target.links[kind]);
    const each: string[] = [];
    for (const [index, character] of token.split('').entries()) {
      const [head, tail] = [token.slice(0, index), token.slice(index + 1)];
      const swapped =
        character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
      const others = [character === 'A' ? 'B' : 'A', '', character + character, swapped];
      each.push(...others.filter((other) => other !== character).map((other) => head + other + tail));
    }
    const cut = [token.slice(0, -2), token.slice(1), token + token, token.split('').toReversed().join('')];
    expect(await findWorking(kind, [...each, ...cut])).toEqual([]);
  });

  it('is worth nothing in any disguise', async () => {
    const token = tokenOf(target.links[kind]);
    const disguised = [
      `${token}=`,
      `${token}==`,
      `${token}%20`,
      `%20${token}`,
      `${token}%0a`,
      `${token}%0d%0a`,
      `${token}%00`,
      `%00${token}`,
      `${token}%09`,
      `${token}.`,
      `${token}/`,
      `${token}/.`,
      `${token};x`,
      `${token},${token}`,
      `${token}%2f`,
      `x%2f..%2f${token}`,
      `${token}%ff`,
      `${token}%`,
      `${token}%2`,
      `%EF%BC%A1${token.slice(1)}`,
      `${token}%E2%80%8B`,
      `${token}%C0%80`,
      `*`,
      `%2a`,
      `%25`,
      `__proto__`,
      `constructor`,
      `0`,
      `-1`,
      `1%20or%201=1`,
      `'%20or%20''='`,
      `%27--`,
      encodeAll(encodeAll(token)),
      // Other bases for the same bytes.
      Buffer.from(token, 'base64url').toString('hex'),
      Buffer.from(token, 'base64url').toString('base64').replaceAll('/', '%2f') + '=',
      'A'.repeat(token.length),
      'A'.repeat(8000),
    ];
    expect(await findWorking(kind, disguised)).toEqual([]);
  });

  it('is the same token percent-encoded, as any mail program may write it', async () => {
    const token = tokenOf(target.links[kind]);
    expect(await look(`/${kind}/${encodeAll(token)}`)).toBe(200);
  });

  it('is worth nothing for another purpose, whoever it was made for', async () => {
    const [key] = await target.web.store.linkKeys();
    const ids = [0, 1, 2, 3, 2 ** 48 - 1];
    const borrowed: string[] = [];
    for (const subject of ids) {
      if (kind !== 'unsubscribe' && kind !== 'preferences') borrowed.push(renderLinkToken(subject, key!));
      const others = (['confirm', 'undo', 'move', 'form'] as const).filter((purpose) => purpose !== kind);
      borrowed.push(...others.map((purpose) => renderPurposeToken(purpose, { subject, at: NOW }, key!)));
    }
    expect(await findWorking(kind, borrowed)).toEqual([]);
  });

  it('is worth nothing with a key that was never ours, or one that names another', async () => {
    const [key] = await target.web.store.linkKeys();
    const forged = [
      { id: key!.id, secret: Buffer.alloc(32) },
      { id: key!.id, secret: Buffer.alloc(0) },
      { id: 255, secret: key!.secret },
      { id: 0, secret: Buffer.alloc(32) },
    ];
    const purpose = kind === 'unsubscribe' || kind === 'preferences' ? 'move' : kind;
    const tokens = forged.flatMap((one) => [
      renderLinkToken(1, one),
      renderPurposeToken(purpose, { subject: 1, at: NOW }, one),
    ]);
    expect(await findWorking(kind, tokens)).toEqual([]);
  });
});

describe('a token used again', () => {
  const stateOf = async (name: string) =>
    (await target.web.store.subscribers.find(addressOf(`${name}@example.org`)))?.state;

  it('ends nothing twice, and tells the same each time', async () => {
    expect(await press(target.links.unsubscribe)).toBe(200);
    const once = target.look();
    target.web.now.value = NOW.add({ hours: 24 * 365 });
    expect(await press(target.links.unsubscribe)).toBe(200);
    expect(await stateOf('reader')).toBe('unsubscribed');
    expect(target.look().get('subscribers')).toEqual(once.get('subscribers'));
    expect(target.look().get('notices')).toEqual(once.get('notices'));
  });

  it('brings nobody back who left after it', async () => {
    expect(await press(target.links.confirm)).toBe(200);
    const pending = (await target.web.store.subscribers.find(addressOf('pending@example.org')))!;
    const [key] = await target.web.store.linkKeys();
    target.web.now.value = NOW.add({ minutes: 1 });
    expect(await press(`/unsubscribe/${renderLinkToken(pending.id, key!)}`)).toBe(200);
    const left = target.look();
    expect(await press(target.links.confirm)).toBe(410);
    expect(await press(`${target.links.confirm}/again`)).not.toBe(500);
    expect(await stateOf('pending')).toBe('unsubscribed');
    expect(target.look().get('subscribers')).toEqual(left.get('subscribers'));
  });

  it('of an undone leaving does not undo the next', async () => {
    expect(await press(target.links.undo)).toBe(200);
    const left = (await target.web.store.subscribers.find(addressOf('left@example.org')))!;
    target.web.now.value = NOW.add({ minutes: 1 });
    const [key] = await target.web.store.linkKeys();
    expect(await press(`/unsubscribe/${renderLinkToken(left.id, key!)}`)).toBe(200);
    expect(await press(target.links.undo)).toBe(410);
    expect(await stateOf('left')).toBe('unsubscribed');
  });

  it('brings back no one who is suppressed or erased meanwhile', async () => {
    await target.web.store.subscribers.suppress(addressOf('pending@example.org'), 'complaint', NOW);
    await target.web.store.subscribers.suppress(addressOf('left@example.org'), 'bounce', NOW);
    const before = target.look().get('subscribers');
    expect(await press(target.links.confirm)).toBe(410);
    expect(await press(target.links.undo)).toBe(410);
    expect(target.look().get('subscribers')).toEqual(before);
  });

  it('by many at once does what it does once', async () => {
    for (const kind of PRESSED_KINDS) {
      const statuses = await Promise.all(
        Array.from({ length: 16 }, async () => await press(target.links[kind])),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    expect(await Promise.all(['reader', 'pending', 'left'].map(stateOf))).toEqual([
      'unsubscribed',
      'active',
      'active',
    ]);
  });
});
