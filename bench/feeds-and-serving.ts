/** What feeds cost: to make (`--only hugo | new`), and to answer (`--only serve`). */
import { bench as making } from './feeds.ts';
import type { Bench } from './figure.ts';
import { bench as serving } from './serve.ts';

export const bench: Bench = {
  title: `${making.title}; ${serving.title}`,
  run: async (options) => {
    const made = await making.run(options);
    return options.only === null || options.only === 'serve'
      ? [...made, ...(await serving.run(options))]
      : made;
  },
};
