/** What the config means, and how its mistakes are told: with file, line and key, all at once, and never with a secret. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

const ROOT = '/srv/blog';
type Environment = Readonly<Record<string, string | undefined>>;

function read(text: string, environment: Environment = {}, port?: number): Config {
  return parseConfig({ text, root: ROOT, environment, port });
}

function refusal(text: string, environment: Environment = {}): string {
  try {
    read(text, environment);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

const TITLE = 'publication:\n  title: T\n';
const REAL = `publication:
  title: T
  url: https://blog.renga.dev
from: Ann Lee <ann@renga.dev>
smtp:
  url: smtp://u:p@mail.renga.dev
`;

/** That of `REAL`. */
const ACCOUNT = {
  name: 'mail.renga.dev',
  url: 'smtp://u:p@mail.renga.dev',
  connections: 4,
  weight: 1,
  maxMessages: 100,
  interval: 0,
  domains: {},
  warmUp: [],
};

describe('a config of one title', () => {
  it('has a default for everything else', () => {
    const config = read(TITLE);
    expect(config).toMatchObject({
      publication: {
        title: 'T',
        description: '',
        author: 'T',
        url: 'http://127.0.0.1:8420/',
        serverUrl: 'http://127.0.0.1:8420/',
        zone: 'UTC',
        language: 'en',
        postalAddress: null,
        from: { name: 'T', address: 'renga@renga.example' },
        replyTo: null,
      },
      series: [
        {
          name: 'weekly',
          schedule: { kind: 'cron', cron: '0 9 * * 1' },
          zone: 'UTC',
          minimum: 1,
          label: null,
          backlog: 'skip',
          body: 'auto',
          subject: '{{ haiku[0] }}',
        },
      ],
      smtp: { kind: 'inbox' },
      feeds: { entries: 20, content: 'full', tombstones: false },
      pages: { enabled: true, permalink: null },
      server: { host: '127.0.0.1', port: 8420 },
      database: '/srv/blog/var/renga.db',
      delivery: { inDoubt: 'retry' },
      problems: [{ severity: 'hint', path: 'config/renga.yaml' }],
    });
    expect(config.delivery.retryFor.total('hours')).toBe(48);
    expect(config.delivery.grace.total('hours')).toBe(24);
  });

  it('takes a key without a value for one that is not there', () => {
    expect(read(`${TITLE}replyTo:\nseries:\n  monthly:\nfeeds:\n`)).toMatchObject({
      publication: { replyTo: null },
      series: [{ name: 'monthly', schedule: { kind: 'cron', cron: '0 9 * * 1' } }],
      feeds: { entries: 20 },
    });
  });

  it('is refused when even the title is missing, or there is nothing at all', () => {
    expect(refusal('')).toBe('config/renga.yaml:1: publication is missing: it must be lines of "key: value"');
    expect(refusal('publication:\n  author: A\n')).toMatch(
      /^config\/renga\.yaml:1: publication\.title is missing: it must be text/,
    );
    expect(refusal('just words')).toBe('config/renga.yaml:1: the file must be lines of "key: value"');
    expect(refusal('- a\n- b\n')).toBe('config/renga.yaml:1: the file must be lines of "key: value"');
    expect(refusal('publication:\n  title: "  "\n')).toMatch(/:2: publication\.title must be text/);
  });
});

describe('what is written', () => {
  it('becomes what the program works with', () => {
    const config = read(`publication:
  title: >
    Two
    lines
  url: https://Blog.Example.org/notes
  zone: Europe/Berlin
  language: pt-br
  postalAddress: |
    Ann Lee
    1 Sample Street
from: Ann Lee <ann@bücher.example>
replyTo: help@example.org
series:
  daily:
    schedule: daily 07:30
    minimum: 3
    label: Every morning
    backlog: include
    body: full
    subject: 'No. {{ number }}'
  far:
    schedule: 15 18 1 * *
    zone: Pacific/Auckland
feeds: {entries: 50, content: summary}
pages: {enabled: false, permalink: '{year}/{month}/{day}/{slug}.html'}
server: {host: '::1', port: 0, url: 'https://mail.example.org/renga'}
database: state/db.sqlite
delivery: {retry: 2d 6h, inDoubt: ask, grace: 90m}
`);
    expect(config.publication).toEqual({
      title: 'Two lines',
      description: '',
      author: 'Two lines',
      url: 'https://blog.example.org/notes/',
      serverUrl: 'https://mail.example.org/renga/',
      zone: 'Europe/Berlin',
      language: 'pt-BR',
      postalAddress: 'Ann Lee\n1 Sample Street',
      from: { name: 'Ann Lee', address: 'ann@xn--bcher-kva.example' },
      replyTo: { name: '', address: 'help@example.org' },
    });
    expect(config.series).toEqual([
      {
        name: 'daily',
        schedule: { kind: 'cron', cron: '30 7 * * *' },
        zone: 'Europe/Berlin',
        minimum: 3,
        label: 'Every morning',
        backlog: 'include',
        body: 'full',
        subject: 'No. {{ number }}',
      },
      {
        name: 'far',
        schedule: { kind: 'cron', cron: '15 18 1 * *' },
        zone: 'Pacific/Auckland',
        minimum: 1,
        label: null,
        backlog: 'skip',
        body: 'auto',
        subject: '{{ haiku[0] }}',
      },
    ]);
    expect(config.pages).toEqual({ enabled: false, permalink: '{year}/{month}/{day}/{slug}.html' });
    expect(config.database).toBe('/srv/blog/state/db.sqlite');
    expect(config.delivery.retryFor.total('hours')).toBe(54);
  });

  it('gives durations that move an instant', () => {
    const { grace } = read(`${TITLE}delivery: {grace: 2d}\n`).delivery;
    expect(Temporal.Instant.from('2026-03-29T00:00:00Z').add(grace).toString()).toBe('2026-03-31T00:00:00Z');
  });

  it('may share parts by an anchor', () => {
    const { series } = read(`${TITLE}series:\n  a: &same\n    minimum: 4\n  b: *same\n`);
    expect(series.map(({ name, minimum }) => [name, minimum])).toEqual([
      ['a', 4],
      ['b', 4],
    ]);
  });

  it('leaves a database URL as it is', () => {
    expect(read(`${TITLE}database: postgres://u:p@db/renga\n`).database).toBe('postgres://u:p@db/renga');
  });
});

describe('the address of the server', () => {
  it.each([
    [
      'the inbox: this machine, with the port given',
      `${TITLE}server: {port: 9000}\n`,
      'http://127.0.0.1:9000/',
    ],
    ['a server that listens everywhere', `${TITLE}server: {host: 0.0.0.0}\n`, 'http://127.0.0.1:8420/'],
    ['an IPv6 address', `${TITLE}server: {host: "::"}\n`, 'http://[::1]:8420/'],
    [
      'the inbox of a publication that stands elsewhere',
      'publication: {title: T, url: "https://blog.renga.dev"}\n',
      'http://127.0.0.1:8420/',
    ],
    ['a real mail server: where the pages are', REAL, 'https://blog.renga.dev/'],
    ['said by the config', `${REAL}server: {url: "https://r.renga.dev"}\n`, 'https://r.renga.dev/'],
  ])('is right for %s', (_case, text, url) => {
    expect(read(text).publication.serverUrl).toBe(url);
  });

  it('follows the port of the command line', () => {
    const config = read(TITLE, {}, 9999);
    expect(config.server.port).toBe(9999);
    expect([config.publication.url, config.publication.serverUrl]).toEqual([
      'http://127.0.0.1:9999/',
      'http://127.0.0.1:9999/',
    ]);
  });

  it('gives the default sender its domain', () => {
    const address = (url: string): string =>
      read(`publication: {title: T, url: "${url}"}\n`).publication.from.address;
    expect(address('https://www.blog.example/')).toBe('renga@blog.example');
    expect(address('http://localhost:4000/')).toBe('renga@renga.example');
    expect(address('http://192.168.0.7/')).toBe('renga@renga.example');
  });
});

describe('dkim', () => {
  const DKIM = `${REAL}dkim:\n  selector: Renga-2026-11\n  key: config/dkim/a.pem\n`;

  it('is none where it is left out', () => {
    expect(read(REAL).dkim).toBe(null);
  });

  it('has a key below the publication, and signs for the domain of from', () => {
    expect(read(DKIM).dkim).toEqual({
      selector: 'renga-2026-11',
      key: '/srv/blog/config/dkim/a.pem',
      domain: 'renga.dev',
      ed25519: null,
    });
  });

  it('may have another domain, a second key, and keys elsewhere', () => {
    const rest = '  domain: Bücher.example\n  ed25519:\n    selector: s2.mail\n    key: /etc/renga/b.pem\n';
    expect(read(DKIM + rest).dkim).toMatchObject({
      domain: 'xn--bcher-kva.example',
      ed25519: { selector: 's2.mail', key: '/etc/renga/b.pem' },
    });
  });

  it.each([
    ['no selector', 'dkim: {key: a.pem}', /^config\/renga\.yaml:7: dkim\.selector/],
    ['no key', 'dkim: {selector: a}', /^config\/renga\.yaml:7: dkim\.key/],
    ['an empty key', 'dkim: {selector: a, key: ""}', /dkim\.key must be text/],
    ['a selector that is no name', 'dkim: {selector: "a b", key: a}', /dkim\.selector must be letters/],
    ['a selector with a tag in it', 'dkim: {selector: "a; l=0", key: a}', /dkim\.selector must be letters/],
    [
      'an address as domain',
      'dkim: {selector: a, key: a, domain: a@b.example}',
      /dkim\.domain must be a domain/,
    ],
    ['a URL as domain', 'dkim: {selector: a, key: a, domain: "https://b.example"}', /dkim\.domain must be/],
    ['half a second key', 'dkim: {selector: a, key: a, ed25519: {key: a}}', /dkim\.ed25519\.selector/],
    ['a word', 'dkim: yes', /dkim must be lines of "key: value"/],
  ])('is refused with %s', (_, lines, message) => {
    expect(refusal(`${REAL}${lines}\n`)).toMatch(message);
  });
});

describe('an unknown key', () => {
  it.each([
    ['publication:\n  title: T\n  titel: U\n', '3: publication.titel is not a key: did you mean title?'],
    [`${TITLE}sereis: {}\n`, '3: sereis is not a key: did you mean series?'],
    [`${TITLE}reply-to: a@example.org\n`, '3: reply-to is not a key: did you mean replyTo?'],
    [
      `${TITLE}series:\n  weekly:\n    Schedule: x\n`,
      '5: series.weekly.Schedule is not a key: did you mean schedule?',
    ],
    [`${TITLE}zone: UTC\n`, '3: zone is not a key: it belongs under publication'],
    [`${TITLE}port: 80\n`, '3: port is not a key: it belongs under server'],
    [`${TITLE}feeds:\n  nonsense: 1\n`, '4: feeds.nonsense is not a key: there are entries, content'],
    [`${TITLE}__proto__: {a: 1}\n`, /^3: … is not a key|^3: __proto__ is not a key/],
    [`${TITLE}series: {__proto__: {}}\n`, '3: series.__proto__ is no name for a series'],
    [`${TITLE}constructor: 1\n`, /^3: constructor is not a key/],
    [`${REAL}  conections: 3\n`, '7: smtp.conections is not a key: did you mean connections?'],
    [`${TITLE}<<: {from: a@example.org}\n`, /^3: … is not a key/],
  ])('%j is named with its line and the nearest right one', (text, expected) => {
    expect(refusal(text).replace('config/renga.yaml:', '')).toMatch(expected);
  });
});

describe('a value that cannot be', () => {
  it.each([
    [
      'publication:\n  title: 1984\n',
      '2: publication.title must be text in one line (a number or true needs quotes), not empty',
    ],
    ['publication:\n  title: [a]\n', /^2: publication\.title must be text/],
    ['publication:\n  title: "a\\u0000b"\n', /^2: publication\.title must be text/],
    [
      'publication:\n  title: T\n  url: example.org\n',
      '3: publication.url must be an address that begins with https:// or http://, without user, query or #',
    ],
    ['publication:\n  title: T\n  url: ftp://example.org\n', /^3: publication\.url must/],
    ['publication:\n  title: T\n  url: "javascript:alert(1)"\n', /^3: publication\.url must/],
    ['publication:\n  title: T\n  url: https://u:p@example.org\n', /^3: publication\.url must/],
    ['publication:\n  title: T\n  url: https://example.org/?a=1\n', /^3: publication\.url must/],
    [
      'publication:\n  title: T\n  zone: Europe/Berln\n',
      '3: publication.zone must be a time zone such as Europe/Berlin',
    ],
    ['publication:\n  title: T\n  zone: new york\n', /^3: publication\.zone must be a time zone such as /],
    [
      'publication:\n  title: T\n  language: english please\n',
      /^3: publication\.language must be a language tag/,
    ],
    [
      `${TITLE}from: nobody\n`,
      '3: from must be an address such as ann@example.org or Ann Lee <ann@example.org>',
    ],
    [`${TITLE}from: "Ann <a@example.org>\\r\\nBcc: v@example.org"\n`, /^3: from must be an address/],
    [
      `${TITLE}smtp: outbox\n`,
      '3: smtp must be the word inbox, or have "url:" below it, or be a list of such',
    ],
    [`${TITLE}smtp: 25\n`, '3: smtp must be the word inbox, or have "url:" below it, or be a list of such'],
    [`${TITLE}feeds:\n  entries: 0\n`, '4: feeds.entries must be a whole number from 1 to 1000'],
    [`${TITLE}feeds:\n  entries: many\n`, '4: feeds.entries must be a whole number from 1 to 1000'],
    [`${TITLE}feeds:\n  entries: 2.5\n`, '4: feeds.entries must be a whole number from 1 to 1000'],
    [`${TITLE}feeds:\n  content: all\n`, '4: feeds.content must be full or summary'],
    [`${TITLE}pages: no\n`, '3: pages must be lines of "key: value"'],
    [`${TITLE}pages: {enabled: no}\n`, '3: pages.enabled must be true or false'],
    [
      `${TITLE}pages: {enabled: false, permalink: "{year}"}\n`,
      /^3: pages\.permalink must be a pattern with \{slug\}/,
    ],
    [`${TITLE}pages: {enabled: false, permalink: "{slug}/{hour}"}\n`, /^3: pages\.permalink must/],
    [`${TITLE}pages: {enabled: false, permalink: "javascript:{slug}"}\n`, /^3: pages\.permalink must/],
    [`${TITLE}pages: {enabled: false, permalink: "//evil.example/{slug}"}\n`, /^3: pages\.permalink must/],
    [
      `${TITLE}pages: {permalink: "{slug}"}\n`,
      '3: pages.permalink is only for pages.enabled: false, when another program makes the pages',
    ],
    [`${TITLE}server: {host: "a/b"}\n`, /^3: server\.host must/],
    [`${TITLE}server: {port: 65536}\n`, '3: server.port must be a whole number from 0 to 65535'],
    [`${TITLE}delivery: {retry: 48}\n`, '3: delivery.retry must be a time such as 48h, 90m or 2d'],
    [`${TITLE}delivery: {retry: soon}\n`, '3: delivery.retry must be a time such as 48h, 90m or 2d'],
    [`${TITLE}delivery: {inDoubt: maybe}\n`, '3: delivery.inDoubt must be retry, skip or ask'],
    [`${TITLE}series: weekly\n`, '3: series must be names of series, each with its keys below it'],
    [`${TITLE}series:\n  The Weekly: {}\n`, /^4: series\.… is no name for a series: use small letters/],
    [
      `${TITLE}series:\n  weekly: {schedule: whenever}\n`,
      /^4: series\.weekly\.schedule must be a schedule such as Monday 09:00/,
    ],
    [
      `${TITLE}series:\n  weekly: {schedule: 0 9 30 2 *}\n`,
      '4: series.weekly.schedule must be a schedule that occurs: no day fits this one',
    ],
    [`${TITLE}series:\n  weekly:\n    zone: Mars\n`, /^5: series\.weekly\.zone must be a time zone/],
  ])('%j is told with its line and what is expected', (text, expected) => {
    const message = refusal(text).replace('config/renga.yaml:', '');
    expect(message).toMatch(expected);
  });

  it('is told together with all others, in the order of the file', () => {
    const text = `publication:
  titel: T
  zone: Nowhere/Land
feeds:
  entries: -1
smtp:
  url: http://x
`;
    const lines = refusal(text).split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'config/renga.yaml:1:',
      'config/renga.yaml:1:',
      'config/renga.yaml:2:',
      'config/renga.yaml:3:',
      'config/renga.yaml:5:',
      'config/renga.yaml:6:',
      'config/renga.yaml:7:',
    ]);
  });
});

describe('YAML that is broken', () => {
  it.each([
    ['publication:\n  title: "T\n', 'something is not closed'],
    ['publication:\n\ttitle: T\n', 'indent with spaces'],
    [`${TITLE}series:\n  weekly:\n    schedule: */5 * * * *\n`, 'must stand in quotes'],
    [`${TITLE}from: *ann\n`, 'a value that begins with * must stand in quotes'],
    [`${TITLE}from: @ann\n`, 'must stand in quotes'],
    [`${TITLE}publication:\n  title: U\n`, 'this key is there twice'],
    ['title: a: b\n', 'must stand in quotes'],
    [`${TITLE}---\nfrom: a@example.org\n`, 'no second document'],
  ])('%j is explained', (text, reason) => {
    expect(refusal(text)).toContain(reason);
    expect(refusal(text)).toMatch(/^config\/renga\.yaml:\d+: /);
  });

  it('expands no bomb', () => {
    const rows = Array.from({ length: 9 }, (_, index) => {
      const row = Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*a${index - 1}`)).join(', ');
      return `a${index}: &a${index} [${row}]`;
    });
    expect(refusal(rows.join('\n'))).toContain('remove its aliases');
  });

  it('never throws anything but an OperatorError', () => {
    const piece = fc.constantFrom(
      'publication:',
      '\n',
      '  ',
      'title',
      ': ',
      'T',
      '- ',
      '*a',
      '&a ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '${A}',
      '|',
      '>',
      '#',
      '!!js/function ',
      '%',
      '\t',
      '\0',
      '<<',
      'series:',
      'smtp:',
      'null',
      '~',
      '1e99',
      '? ',
      ',',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((pieces) => pieces.join('')),
          fc.string(),
        ),
        (text) => {
          let error: unknown = null;
          try {
            read(text);
          } catch (thrown) {
            error = thrown;
          }
          expect(error === null || error instanceof OperatorError).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('${NAME}', () => {
  it('takes a value from the environment, also inside a text', () => {
    const config = read('publication:\n  title: ${A} and ${B_2}\n', { A: 'Salt', B_2: 'Pepper' });
    expect(config.publication.title).toBe('Salt and Pepper');
  });

  it('can be a number or a yes or no where it stands alone, and stays text in quotes', () => {
    const text = 'publication:\n  title: "${YEAR}"\nserver:\n  port: ${PORT}\npages:\n  enabled: ${PAGES}\n';
    const config = read(text, { YEAR: '1984', PORT: '9000', PAGES: 'false' });
    expect([config.publication.title, config.server.port, config.pages.enabled]).toEqual([
      '1984',
      9000,
      false,
    ]);
  });

  it.each([
    ['${MISSING}', {}, 'the environment variable MISSING is not set, or empty'],
    ['${EMPTY}', { EMPTY: '' }, 'the environment variable EMPTY is not set, or empty'],
    ['${toString}', {}, 'the environment variable toString is not set, or empty'],
    ['${}', {}, 'must hold the name of an environment variable'],
    ['${a b}', { 'a b': 'x' }, 'must hold the name of an environment variable'],
  ])('%s that cannot be filled is one mistake, with its line', (written, environment, reason) => {
    const message = refusal(`publication:\n  title: T\n  url: "${written}"\n`, environment);
    expect(message).toContain(`config/renga.yaml:3: `);
    expect(message).toContain(reason);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('is not read out of what it was replaced by', () => {
    const config = read('publication:\n  title: ${A}\n', { A: '${B}', B: 'secret' });
    expect(config.publication.title).toBe('${B}');
  });

  it('cannot break out of its value', () => {
    const config = read('publication:\n  title: ${A}\n', { A: '"x": {y\n# z' });
    expect(config.publication.title).toBe('"x": {y # z');
  });

  it('lets a password in smtp.url hold any characters', () => {
    const text = REAL.replace('smtp://u:p@', 'smtp://${WHO}:${WORD}@');
    const { smtp } = read(text, { WHO: 'ann@renga.dev', WORD: 'p@ss/w:rd#%40' });
    const url = new URL(smtp.kind === 'accounts' ? (smtp.accounts[0]?.url ?? '') : '');
    expect([url.hostname, decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual([
      'mail.renga.dev',
      'ann@renga.dev',
      'p@ss/w:rd#%40',
    ]);
  });

  it('may be the whole of smtp.url, or its host', () => {
    const whole = read(REAL.replace('smtp://u:p@mail.renga.dev', '${SMTP_URL}'), {
      SMTP_URL: 'smtps://u:p@m.renga.dev:465',
    });
    expect(whole.smtp).toEqual({
      kind: 'accounts',
      accounts: [{ ...ACCOUNT, name: 'm.renga.dev', url: 'smtps://u:p@m.renga.dev:465' }],
    });
    const host = read(REAL.replace('mail.renga.dev', '${HOST}').replace('u:p@', 'u:p@'), {
      HOST: 'm.renga.dev:25',
    });
    expect(host.smtp).toMatchObject({ accounts: [{ url: 'smtp://u:p@m.renga.dev:25' }] });
  });
});

describe('a secret', () => {
  const SECRET = 'hunter2';
  const environment = { PASSWORD: SECRET };

  it.each([
    `${TITLE}smtp:\n  url: http://u:${SECRET}@host\n`,
    `${TITLE}smtp:\n  url: "smtp:u:\${PASSWORD}@host"\n`,
    `${TITLE}smtp:\n  url: [smtp://u:${SECRET}@host]\n`,
    `${TITLE}smtp: smtp://u:${SECRET}@host\n`,
    `${TITLE}smtp:\n  smtp://u:${SECRET}@host:587: x\n`,
    `${TITLE}smtp:\n  "smtp://u:${SECRET}@host": x\n`,
    `${TITLE}smtp:\n  url: smtp://u:${SECRET}@host:99999\n`,
    `${TITLE}from: \${PASSWORD}\nreplyTo: ${SECRET}\n`,
    `${TITLE}feeds: {entries: \${PASSWORD}, content: ${SECRET}}\n`,
    `publication: {title: T, zone: ${SECRET}, url: "${SECRET}", language: "${SECRET}!"}\n`,
    `${TITLE}smtp:\n  url: "smtp://u:${SECRET}@host\n`,
    `${TITLE}smtp:\n  url: smtp://u:\`${SECRET}: @host\n`,
    `${TITLE}smtp: {url: smtp://u:${SECRET}@host}}\n`,
    `${TITLE}smtp: @${SECRET}\n`,
    `${TITLE}smtp: *${SECRET}\n`,
    `${TITLE}smtp: !!${SECRET} x\n`,
    `${TITLE}smtp: "\\q${SECRET}"\n`,
    `${TITLE}${SECRET}\n`,
    `${TITLE}database: "\\0${SECRET}"\n`,
    `${TITLE}series: {"${SECRET} x": {}}\n`,
  ])('is not in the error of %j', (text) => {
    expect(refusal(text, environment)).not.toContain(SECRET);
  });
});

describe('mail for real people', () => {
  it('is sent by a config that says from where, and where its links lead', () => {
    expect(read(REAL)).toMatchObject({
      publication: { from: { name: 'Ann Lee', address: 'ann@renga.dev' } },
      smtp: { kind: 'accounts', accounts: [ACCOUNT] },
      problems: [],
    });
  });

  it('needs a sender', () => {
    const message = 'from is missing: mail through smtp.url needs an address of yours that it comes from';
    expect(refusal(REAL.replace(/^from.*\n/m, ''))).toBe(`config/renga.yaml:4: ${message}`);
    expect(refusal(REAL.replace(/^from.*\n/m, '').replace('mail.renga.dev', 'localhost'))).toContain(message);
  });

  it.each([
    'http://localhost:8420/',
    'http://127.0.0.1/',
    'http://127.9.9.9/',
    'http://2130706433/',
    'http://[::1]:8420/',
    'http://[::ffff:127.0.0.1]/',
    'http://0.0.0.0/',
    'https://example.com/',
    'https://blog.example.org/',
    'https://blog.example/',
    'https://blog.test./',
    'https://EXAMPLE.net/',
    'https://x.localhost/',
    'https://blog.invalid/',
  ])('does not go out with links to %s', (url) => {
    expect(refusal(REAL.replace('https://blog.renga.dev', url))).toMatch(
      /^config\/renga\.yaml:3: publication\.url leads nowhere/,
    );
    expect(refusal(`${REAL}server:\n  url: ${url}\n`)).toMatch(
      /^config\/renga\.yaml:8: server\.url leads nowhere/,
    );
  });

  it('does not go out without a word on where the links lead', () => {
    expect(refusal(REAL.replace(/^ {2}url: https.*\n/m, ''))).toMatch(
      /^config\/renga\.yaml:1: publication\.url is missing/,
    );
    expect(refusal(`${REAL}pages: {enabled: false}\n`)).toMatch(/server\.url is missing/);
    expect(read(`${REAL}pages: {enabled: false}\nserver: {url: "https://r.renga.dev"}\n`).problems).toEqual(
      [],
    );
  });

  it('may go to a server on this machine with such links, and a warning', () => {
    const text = REAL.replace('blog.renga.dev', 'blog.example').replace('mail.renga.dev', '127.0.0.1:2525');
    expect(read(text).problems).toEqual([
      {
        severity: 'warning',
        path: 'config/renga.yaml',
        line: 3,
        message:
          'publication.url leads nowhere for readers: give the address your pages stand under, or set smtp: inbox',
      },
    ]);
  });

  it('asks for a mistake with the mail and any other in one go', () => {
    const lines = refusal(`${REAL.replace(/^from.*\n/m, '')}feeds: {entries: none}\n`).split('\n');
    expect(lines).toHaveLength(2);
  });
});
