/** The settings about the world outside: hubs, private networks, and where the site is carried. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

const HEAD = 'publication:\n  title: T\n  url: https://blog.renga.dev/letters\n';

const read = (text: string, head = HEAD): Config =>
  parseConfig({ text: `${head}${text}\n`, root: '/srv/blog', environment: {} });

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('websub', () => {
  it.each([
    ['', [], null],
    ['websub: https://hub.renga.dev', ['https://hub.renga.dev/'], null],
    ['websub: https://hub.renga.dev/publish?key=1', ['https://hub.renga.dev/publish?key=1'], null],
    ['websub: self', ['https://blog.renga.dev/letters/websub'], 'https://blog.renga.dev/letters/websub'],
    [
      'websub: [https://hub.renga.dev/a, self, https://hub.renga.dev/a]',
      ['https://hub.renga.dev/a', 'https://blog.renga.dev/letters/websub'],
      'https://blog.renga.dev/letters/websub',
    ],
  ])('%j', (text, hubs, ownHub) => {
    expect(read(text).websub).toEqual({ hubs, ownHub });
  });

  it.each([
    'websub: hub.renga.dev',
    'websub: ftp://a',
    'websub: https://ann:pw@hub.renga.dev/',
    'websub: [7]',
  ])('not %j', (text) => {
    expect(refusal(text)).toMatch(/:\d+: websub/u);
  });

  it('waits for an address that a hub can reach, and says so', () => {
    const local = read('websub: https://hub.renga.dev/', 'publication:\n  title: T\n');
    expect(local.websub.hubs).toEqual([]);
    expect(local.problems.map(({ message }) => message).join()).toContain('websub does nothing yet');
    const inside = read('websub: self\nnetwork: { allowPrivate: true }', 'publication:\n  title: T\n');
    expect(inside.websub.hubs).toHaveLength(1);
  });
});

describe('publish.to', () => {
  it('is a folder, a command, or a list of them', () => {
    expect(read('').targets).toEqual([]);
    expect(read('publish: { to: ../www }').targets).toEqual([{ kind: 'folder', folder: '/srv/www' }]);
    expect(
      read('publish:\n  to:\n    - /var/www\n    - command: a\n    - command: b\n      remove: c').targets,
    ).toEqual([
      { kind: 'folder', folder: '/var/www' },
      { kind: 'command', command: 'a', remove: 'a' },
      { kind: 'command', command: 'b', remove: 'c' },
    ]);
  });

  it.each(['public', 'public/site', './posts/../posts/x', 'var', '.', '..', '/srv', '/', 'templates/'])(
    'is not %s',
    (path) => {
      expect(refusal(`publish:\n  to: [site, ${path}]`)).toMatch(/:5: publish\.to must not be/u);
    },
  );

  it.each([
    'publish: { to: 7 }',
    'publish: { to: [{}] }',
    'publish: { to: { command: "" } }',
    'publish: { from: a }',
  ])('not %j', (text) => {
    expect(refusal(text)).toContain('publish');
  });
});
