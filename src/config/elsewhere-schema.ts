/** The part of the schema about the world outside: hubs, other networks, and where the published files go besides `public/`. */
import { z } from 'zod';
import { filledLine, hub, shellCommand, yesOrNo } from './setting-kinds.ts';

const mapping = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be lines of "key: value"' : undefined),
  });

const HUBS = 'must be the address of a hub, the word self, or a list of those';

export const WEBSUB = z.union(
  [hub(), z.array(hub(), { error: HUBS }).max(10, { error: 'must have at most 10 hubs' })],
  {
    error: HUBS,
  },
);

export const NETWORK = mapping({
  allowPrivate: yesOrNo().default(false).meta({
    description: 'Whether hubs and callbacks may be on this machine or in a private network.',
  }),
});

const TARGET = z.union(
  [
    filledLine(),
    mapping({
      command: shellCommand().meta({
        description: 'Carries files: their names come on its standard input, relative to its working folder.',
      }),
      remove: shellCommand().optional().meta({
        description: 'Removes files whose names come the same way. The command itself, if left out.',
      }),
    }),
  ],
  { error: 'must be a folder, or have "command:" below it' },
);

/** What the file says of one target. */
export type WrittenTarget = z.output<typeof TARGET>;

export const PUBLISH = mapping({
  to: z
    .union([TARGET, z.array(TARGET).max(20, { error: 'must have at most 20 places' })], {
      error: 'must be a folder, or have "command:" below it, or be a list of such',
    })
    .default([])
    .meta({
      description: 'Where the files of public/ are carried as well: folders, or commands that do it.',
    }),
});
