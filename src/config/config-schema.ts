/**
 * The schema of `config/renga.yaml`: its keys, what each is for, and its default. Strict: a key that is not here is a mistake.
 * What a default depends on other keys for is filled in by `compose-config.ts`.
 */
import { z } from 'zod';
import {
  backlog,
  accessToken,
  domain,
  duration,
  filledLine,
  hostName,
  language,
  line,
  lines,
  mailbox,
  network,
  oneOf,
  permalink,
  schedule,
  selector,
  webUrl,
  wholeNumber,
  yesOrNo,
  zone,
} from './setting-kinds.ts';
import { NETWORK, PUBLISH, WEBSUB } from './elsewhere-schema.ts';
import { MOVED_FEEDS, RETIRED_FEEDS } from './former-feeds-schema.ts';
import { PODCAST } from './podcast-schema.ts';
import { SMTP } from './smtp-schema.ts';
import { SUBSCRIBE } from './subscribe-schema.ts';

const mapping = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be lines of "key: value"' : undefined),
  });

const PUBLICATION = mapping({
  title: filledLine().meta({ description: 'The name of the whole.' }),
  description: line().prefault('').meta({ description: 'What it is about, in one sentence.' }),
  author: line().optional().meta({ description: 'Who writes it. The title, if left out.' }),
  url: webUrl()
    .optional()
    .meta({ description: "Where its pages and feeds stand. This machine's own server, if left out." }),
  zone: zone()
    .prefault('UTC')
    .meta({ description: 'The time zone of its dates and schedules: Europe/Berlin.' }),
  language: language().prefault('en').meta({ description: 'The language it is written in: en, de, pt-BR.' }),
  postalAddress: lines().optional().meta({
    description: "The sender's postal address, for the foot of each digest. Many countries ask for it.",
  }),
});

const SERIES = mapping({
  schedule: schedule().prefault('0 9 * * 1').meta({
    description:
      'When a digest is due: Monday 09:00, daily 07:30, weekdays 08:00, five cron fields, or each (one for each post, at once).',
  }),
  zone: zone()
    .optional()
    .meta({ description: "The time zone of the schedule. The publication's, if left out." }),
  label: filledLine().optional().meta({
    description:
      'What readers see where they choose how often; its name, if left out. When it comes stands beside it.',
  }),
  minimum: wholeNumber(1, 1000).default(1).meta({ description: 'The fewest new posts worth a digest.' }),
  backlog: backlog().prefault('skip').meta({
    description:
      'Which posts that are there already when the series first runs are mailed: none (skip), all (include), or those from a day on (2026-11-20).',
  }),
  body: oneOf('full', 'summary', 'auto').default('auto').meta({
    description: 'How much of each post a digest carries; auto folds before mail programs clip it.',
  }),
  subject: filledLine()
    .prefault('{{ haiku[0] }}')
    .meta({ description: 'The subject, in Liquid: haiku, title, number, series, count, publication.' }),
});

/** RFC 2919: a series' name becomes a label of its List-Id, so it is one of DNS. */
const SERIES_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const SERIES_BY_NAME = z.record(z.string().regex(SERIES_NAME).max(40), SERIES, {
  error: (issue) =>
    issue.code === 'invalid_key'
      ? 'is no name for a series: use small letters, digits and hyphens, such as weekly'
      : 'must be names of series, each with its keys below it',
});

const SIGNING_KEY = {
  selector: selector().meta({
    description: 'Its name in DNS: the record is at SELECTOR._domainkey.DOMAIN.',
  }),
  key: filledLine().meta({
    description: "The file of the private key, below the publication's folder; `renga dkim new` makes one.",
  }),
};

const DKIM = mapping({
  ...SIGNING_KEY,
  domain: domain().optional().meta({
    description: 'The domain that signs: that of `from`, which is the default, or one above it.',
  }),
  ed25519: mapping(SIGNING_KEY).optional().meta({
    description: 'A second, shorter signature beside that of RSA, for receivers that know Ed25519.',
  }),
});

export const CONFIG_SCHEMA = mapping({
  publication: PUBLICATION.meta({ description: 'What the publication is and where it stands.' }),
  from: mailbox().optional().meta({ description: 'What digests come from: Ann Lee <ann@example.org>.' }),
  replyTo: mailbox().optional().meta({ description: 'Where answers go, if not to `from`.' }),
  smtp: SMTP.default('inbox').meta({
    description:
      'What carries the mail: a server, or a list of several; `inbox`, the default, keeps it on this machine.',
  }),
  dkim: DKIM.optional().meta({
    description: 'The key that signs digests. Left out, mail goes unsigned, or your server signs it.',
  }),
  series: SERIES_BY_NAME.prefault({ weekly: {} }).meta({ description: 'The digests that recur, by name.' }),
  feeds: mapping({
    entries: wholeNumber(1, 1000)
      .default(20)
      .meta({ description: 'How many of the newest posts a feed has.' }),
    content: oneOf('full', 'summary')
      .default('full')
      .meta({ description: 'How much of each post a feed carries.' }),
    tombstones: yesOrNo().default(false).meta({
      description: 'Whether Atom says for 30 days which entries were taken away (RFC 6721).',
    }),
    base: webUrl().optional().meta({
      description:
        "The address that the feeds' own ids are made from: publication.url as it was first, should it be another now. The database knows it; this is for clones that have none.",
    }),
    moved: MOVED_FEEDS,
    retired: RETIRED_FEEDS,
    podcast: PODCAST.prefault({}).meta({
      description: 'What a feed with sound says to directories of podcasts.',
    }),
  }).prefault({}),
  pages: mapping({
    enabled: yesOrNo().default(true).meta({ description: 'Whether Renga makes the pages.' }),
    permalink: permalink()
      .optional()
      .meta({ description: 'Where your own site generator puts a post: {year}/{month}/{day}/{slug}/.' }),
  }).prefault({}),
  websub: WEBSUB.optional().meta({
    description:
      'Hubs that are told when a feed changed (WebSub): addresses, or self for the one in `renga serve`.',
  }),
  network: NETWORK.prefault({}),
  publish: PUBLISH.prefault({}),
  server: mapping({
    host: hostName().prefault('127.0.0.1').meta({ description: 'Where the web server listens.' }),
    port: wholeNumber(0, 65_535).default(8420).meta({ description: 'Its port; 0 lets the system choose.' }),
    url: webUrl()
      .optional()
      .meta({ description: 'Where readers reach this server, for the unsubscribe link.' }),
    proxies: z
      .array(network(), { error: 'must be a list such as [127.0.0.1]' })
      .default([])
      .meta({ description: 'Reverse proxies whose X-Forwarded-For is believed: addresses or networks.' }),
    metrics: z
      .union(
        [
          oneOf('off', 'loopback'),
          mapping({
            token: accessToken().meta({
              description: 'What a program shows to read /metrics: 16 characters or more.',
            }),
          }),
        ],
        {
          error: 'must be off, loopback, or have "token:" below it, of 16 characters or more',
        },
      )
      .default('off')
      .meta({
        description:
          'Who may read /metrics (Prometheus): nobody (`off`, the default), this machine (`loopback`), or who has the token.',
      }),
  }).prefault({}),
  subscribe: SUBSCRIBE.prefault({}),
  database: filledLine()
    .prefault('var/renga.db')
    .meta({ description: "Where the state is kept, below the publication's folder." }),
  journal: filledLine().prefault('renga.journal').meta({
    description:
      "What the sending leaves behind outside the database, so that an older copy of it is found out; below the publication's folder.",
  }),
  delivery: mapping({
    retry: duration().prefault('48h').meta({ description: 'How long mail that a server puts off is tried.' }),
    inDoubt: oneOf('retry', 'skip', 'ask')
      .default('retry')
      .meta({ description: 'What happens to mail a server may have taken without saying so.' }),
    grace: duration().prefault('24h').meta({ description: 'How late a digest may still go out by itself.' }),
  }).prefault({}),
});

/** What the file says, read and with the defaults that depend on nothing else. */
export type WrittenConfig = z.output<typeof CONFIG_SCHEMA>;
