/** The part of the schema that says how readers sign up: where forms may stand, what they offer, and how much is let through. */
import { z } from 'zod';
import { oneOf, line, siteOrigin, wholeNumber, yesOrNo } from './setting-kinds.ts';

const mapping = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be lines of "key: value"' : undefined),
  });

const count = () => wholeNumber(1, 1_000_000);

const LIMITS = mapping({
  perVisitor: count()
    .default(30)
    .meta({ description: 'How many sign-ups an hour from one address of origin (of IPv6: one /64).' }),
  perDomain: count().default(600).meta({ description: 'How many an hour for addresses of one domain.' }),
  overall: count().default(3000).meta({ description: 'How many an hour altogether.' }),
});

export const SUBSCRIBE = mapping({
  sites: z.array(siteOrigin(), { error: 'must be a list such as [https://ann.example]' }).default([]).meta({
    description: 'Your other sites whose pages may send the form by a script: https://ann.example.',
  }),
  tags: z
    .array(line(), { error: 'must be a list such as [linux, verse]' })
    .max(50, { error: 'must have at most 50 tags' })
    .default([])
    .meta({
      description:
        'The tags that the form and the page of preferences offer to choose from. Without any, that page offers those of the posts.',
    }),
  keepOrigin: yesOrNo()
    .default(false)
    .meta({ description: 'Whether the IP address that a sign-up came from is kept with the consent.' }),
  limits: z
    .union([oneOf('off', 'on'), LIMITS], {
      error: 'must be on, off, or have perVisitor, perDomain or overall below it',
    })
    .default('on')
    .meta({
      description:
        'How many sign-ups are let through; one from a form elsewhere counts as three. `off` is for measuring.',
    }),
});

/** What the file says; what is not said has its default. */
export type WrittenSubscribe = z.output<typeof SUBSCRIBE>;

export function defaultLimits(): z.output<typeof LIMITS> {
  return LIMITS.parse({});
}
