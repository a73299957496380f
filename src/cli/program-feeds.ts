/** The commands about feeds. */
import type { Command } from 'commander';
import { type Definition, example } from './definition.ts';

export function addFeedCommands(program: Command, { context, exit }: Definition): void {
  const feeds = program
    .command('feeds')
    .description('who reads the feeds, and how other servers should send them');
  feeds
    .command('check')
    .description(
      'judge every feed in public/ as `publish` does before it writes one (exit 1 if any is wrong)',
    )
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('renga feeds check'))
    .action(async (options) =>
      exit(await (await import('./commands/check-feeds.ts')).runFeedsCheck(context(), options)),
    );
  feeds
    .command('stats')
    .description('who read the feeds from `serve` in the last 30 days, and what conditions and codings saved')
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('renga feeds stats', 'renga feeds stats --json'))
    .action(async (options) => await (await import('./commands/feeds.ts')).runFeedsStats(context(), options));
  feeds
    .command('snippets <server>')
    .description(
      'print what another server needs to send feeds as `serve` does: nginx, apache, headers or redirects',
    )
    .addHelpText(
      'after',
      example(
        'renga feeds snippets nginx > /etc/nginx/snippets/renga.conf',
        'renga feeds snippets apache > public/.htaccess',
      ),
    )
    .action(
      async (server: string) =>
        await (await import('./commands/feeds.ts')).runFeedsSnippets(context(), server),
    );
}
