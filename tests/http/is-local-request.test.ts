/** Who counts as being at this machine, and who only seems to. */
import { describe, expect, it } from 'vitest';
import { isLocalRequest } from '../../src/http/is-local-request.ts';

function ask(url: string, peer: string | undefined, headers: Record<string, string> = {}): boolean {
  return isLocalRequest(new Request(url, { headers }), peer);
}

describe('a request from this machine', () => {
  it.each([
    ['http://127.0.0.1:4000/', '127.0.0.1'],
    ['http://localhost:4000/', '::1'],
    ['http://[::1]:4000/', '::ffff:127.0.0.1'],
    ['http://renga.localhost/', '127.9.9.9'],
  ])('%s from %s is one', (url, peer) => {
    expect(ask(url, peer)).toBe(true);
  });

  it.each([
    ['http://127.0.0.1/', undefined],
    ['http://127.0.0.1/', ''],
    ['http://127.0.0.1/', '192.168.1.7'],
    ['http://127.0.0.1/', '::ffff:10.0.0.1'],
    ['http://127.0.0.1/', 'localhost'],
    // A name of somebody else's that resolves to us.
    ['http://rebound.example/', '127.0.0.1'],
    ['http://localhost.example.org/', '127.0.0.1'],
    ['http://127.0.0.1.example.org/', '127.0.0.1'],
  ])('%s from %s is none', (url, peer) => {
    expect(ask(url, peer)).toBe(false);
  });

  it.each(['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via'])('%s means a proxy stands between', (name) => {
    expect(ask('http://127.0.0.1/', '127.0.0.1', { [name]: '127.0.0.1' })).toBe(false);
  });
});
