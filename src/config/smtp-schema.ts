/** The part of the schema that says what carries the mail: the inbox, one account with a server, or a list of them. */
import { z } from 'zod';
import { parseAddress } from '../domain/address.ts';
import { filledLine, smtpUrl, wholeNumber } from './setting-kinds.ts';

const mapping = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be lines of "key: value"' : undefined),
  });

const count = () => wholeNumber(1, 1_000_000);

const RATE = {
  perSecond: count().optional().meta({ description: 'At most so many messages a second.' }),
  perHour: count().optional().meta({ description: 'At most so many an hour.' }),
  perDay: count().optional().meta({ description: 'At most so many in 24 hours.' }),
};

const DOMAIN_KEY = z
  .string()
  .refine((text) => text === '*' || parseAddress(`any@${text}`).kind === 'address')
  .max(253);

const DOMAINS = z.record(
  DOMAIN_KEY,
  mapping({
    ...RATE,
    connections: wholeNumber(1, 100)
      .optional()
      .meta({ description: 'How many connections may carry a message there at once.' }),
  }),
  {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? 'is no domain: write one such as gmail.com, or "*" for each that is not named'
        : 'must be domains, each with its limits below it',
  },
);

const ACCOUNT = mapping({
  name: filledLine()
    .optional()
    .meta({ description: "What it is called in pauses and reports. The server's host, if left out." }),
  url: smtpUrl().meta({
    description: 'Your server: smtp://user:${SMTP_PASSWORD}@host:587 or smtps://…:465.',
  }),
  connections: wholeNumber(1, 100)
    .default(4)
    .meta({ description: 'How many connections may be open at once.' }),
  weight: wholeNumber(1, 1000)
    .default(1)
    .meta({ description: 'Its share of the messages, beside the weights of the other accounts.' }),
  maxMessages: wholeNumber(1, 1_000_000)
    .default(100)
    .meta({ description: 'After how many messages a connection is opened anew.' }),
  rate: mapping(RATE)
    .prefault({})
    .meta({ description: 'How much it may send, evenly spread: the slowest of these says how far apart.' }),
  domains: DOMAINS.prefault({}).meta({
    description: 'Limits by domain of the recipient; "*" for each that is not named.',
  }),
  warmUp: z
    .array(count(), { error: 'must be a list of numbers such as [50, 100, 500]' })
    .max(366, { error: 'must have at most 366 days' })
    .default([])
    .meta({
      description:
        'For a new account: how many messages on its first day, its second …; no limit after the last.',
    }),
});

/** What the file says of one account. */
export type WrittenAccount = z.output<typeof ACCOUNT>;

export const SMTP = z.union(
  [
    z.literal('inbox'),
    ACCOUNT,
    z.array(ACCOUNT).min(1, { error: 'must have at least one account' }).max(100, {
      error: 'must have at most 100 accounts',
    }),
  ],
  { error: 'must be the word inbox, or have "url:" below it, or be a list of such' },
);
