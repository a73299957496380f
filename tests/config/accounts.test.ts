/** The accounts with mail servers: one, or a list, each with its limits. */
import { describe, expect, it } from 'vitest';
import type { AccountSetting } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

const HEAD = `publication:
  title: T
  url: https://blog.renga.dev
from: ann@renga.dev
`;

function read(smtp: string): readonly AccountSetting[] {
  const config = parseConfig({ text: `${HEAD}${smtp}`, root: '/srv', environment: {} });
  return config.smtp.kind === 'accounts' ? config.smtp.accounts : [];
}

function refusal(smtp: string): string {
  try {
    read(smtp);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

const LIST = `smtp:
  - url: smtp://u:p@one.renga.dev
    weight: 3
    connections: 2
  - name: big
    url: smtps://u:p@two.renga.dev
    rate: { perSecond: 3, perDay: 864 }
    domains:
      GMAIL.com: { perSecond: 2, connections: 1 }
      bücher.example: { perHour: 36 }
      "*": { perHour: 3600 }
    warmUp: [50, 100]
`;

describe('smtp', () => {
  it('may be a list of accounts, each with its limits', () => {
    expect(read(LIST)).toEqual([
      {
        name: 'one.renga.dev',
        url: 'smtp://u:p@one.renga.dev',
        connections: 2,
        weight: 3,
        maxMessages: 100,
        interval: 0,
        domains: {},
        warmUp: [],
      },
      {
        name: 'big',
        url: 'smtps://u:p@two.renga.dev',
        connections: 4,
        weight: 1,
        maxMessages: 100,
        interval: 100_000_000,
        domains: {
          'gmail.com': { interval: 500_000, connections: 1 },
          'xn--bcher-kva.example': { interval: 100_000_000, connections: null },
          '*': { interval: 1_000_000, connections: null },
        },
        warmUp: [50, 100],
      },
    ]);
  });

  it('may have the limits of an account that stands alone', () => {
    expect(read('smtp:\n  url: smtp://one.renga.dev\n  rate: { perHour: 60 }\n')).toMatchObject([
      { name: 'one.renga.dev', interval: 60_000_000 },
    ]);
  });

  it.each([
    ['smtp: []\n', '5: smtp must have at least one account'],
    ['smtp:\n  - weight: 1\n', '6: smtp.0.url is missing'],
    ['smtp:\n  - url: smtp://a.dev\n    wieght: 2\n', '7: smtp.0.wieght is not a key: did you mean weight?'],
    [
      'smtp:\n  - url: smtp://a.dev\n    weight: 0\n',
      '7: smtp.0.weight must be a whole number from 1 to 1000',
    ],
    [
      'smtp:\n  - url: smtp://a.dev\n    rate: { perSecond: 0.5 }\n',
      '7: smtp.0.rate.perSecond must be a whole',
    ],
    ['smtp:\n  - url: smtp://a.dev\n    rate: { perMinute: 5 }\n', '7: smtp.0.rate.perMinute is not a key'],
    ['smtp:\n  - url: smtp://a.dev\n    warmUp: 50\n', '7: smtp.0.warmUp must be a list of numbers'],
    ['smtp:\n  - url: smtp://a.dev\n    warmUp: [50, many]\n', '7: smtp.0.warmUp.1 must be a whole number'],
    ['smtp:\n  - url: smtp://a.dev\n    domains: { "a b": {} }\n', '7: smtp.0.domains.… is no domain'],
    [
      'smtp:\n  - url: smtp://a.dev\n  - url: smtps://b@a.dev\n',
      '7: smtp.1.name is that of another account: give each a name of its own',
    ],
  ])('%j is told with line and key', (smtp, message) => {
    expect(refusal(smtp)).toContain(`config/renga.yaml:${message}`);
  });

  it('needs links that lead somewhere when one account of several leads away from this machine', () => {
    const local = 'smtp:\n  - url: smtp://127.0.0.1\n';
    const text = HEAD.replace('https://blog.renga.dev', 'http://127.0.0.1:8420');
    const config = parseConfig({ text: `${text}${local}`, root: '/srv', environment: {} });
    expect(config.problems).toHaveLength(1);
    expect(() =>
      parseConfig({ text: `${text}${local}  - url: smtp://a.dev\n`, root: '/srv', environment: {} }),
    ).toThrow(/publication.url leads nowhere/);
  });
});
