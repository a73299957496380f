/** Who is turned away for asking too often without a condition, and who never is. */
import { describe, expect, it } from 'vitest';
import { openHastyClients } from '../../../src/http/feeds/hasty-clients.ts';
import { NOW } from '../example-web.ts';

type Fields = Readonly<Record<string, string>>;

/** Asks so often in one moment, then says how many were turned away. */
function askOften(fields: Fields, peer: string | undefined, times = 100, method = 'GET'): number {
  const hurryOf = openHastyClients(() => NOW);
  const request = { method, fields: new Headers(fields), peer };
  return Array.from({ length: times }, () => hurryOf(request, 'rss.xml')).filter((wait) => wait !== null)
    .length;
}

const FAR = '203.0.113.9';

describe('a client that asks a hundred times at once', () => {
  it('is turned away after thirty', () => {
    expect(askOften({ 'User-Agent': 'loop' }, FAR)).toBe(70);
    expect(askOften({ 'User-Agent': 'loop', 'X-Forwarded-For': FAR }, '127.0.0.1')).toBe(70);
    expect(askOften({}, '2001:db8::1')).toBe(70);
  });

  it.each([
    ['with a tag', { 'If-None-Match': '"x"' }, FAR],
    ['with a date', { 'If-Modified-Since': 'yesterday' }, FAR],
    ['through a proxy far away', { Via: '1.1 cache' }, FAR],
    ['through one that names whom it asks for', { 'X-Forwarded-For': '198.51.100.1' }, FAR],
    ['through two', { 'X-Forwarded-For': '198.51.100.1, 198.51.100.2' }, '10.0.0.1'],
    ['through ours, which names nobody', {}, '127.0.0.1'],
    ['from this house', { 'X-Forwarded-For': '192.168.1.5' }, '::1'],
    ['with nonsense for an address', { 'X-Forwarded-For': 'unknown' }, '::1'],
    ['over no socket', {}, undefined],
  ])('%s is not', (_, fields, peer) => {
    expect(askOften(fields as Fields, peer)).toBe(0);
  });

  it('for nothing but headers is not', () => {
    expect(askOften({}, FAR, 100, 'HEAD')).toBe(0);
  });
});

describe('time', () => {
  it('lets it ask again, after as many seconds as it was told, and once in ten seconds for ever', () => {
    let now = NOW;
    const hurryOf = openHastyClients(() => now);
    const ask = (path = 'rss.xml'): number | null =>
      hurryOf({ method: 'GET', fields: new Headers(), peer: FAR }, path);
    for (let times = 0; times < 30; times += 1) expect(ask()).toBeNull();
    expect(ask()).toBe(10);
    expect(ask('atom.xml')).toBeNull();
    now = now.add({ seconds: 9 });
    expect(ask()).toBe(1);
    for (let times = 0; times < 100; times += 1) {
      now = now.add({ seconds: 10 });
      expect(ask()).toBeNull();
    }
  });

  it('is forgotten for all but ten thousand', () => {
    const hurryOf = openHastyClients(() => NOW);
    const ask = (peer: string): number | null =>
      hurryOf({ method: 'GET', fields: new Headers(), peer }, 'rss.xml');
    for (let times = 0; times < 31; times += 1) ask(FAR);
    expect(ask(FAR)).not.toBeNull();
    for (let number = 0; number < 10_000; number += 1) ask(`203.1.${number >> 8}.${number & 255}`);
    expect(ask(FAR)).toBeNull();
  });
});
