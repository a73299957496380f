/** The commands about subscribers. */
import type { Command } from 'commander';
import { type Definition, example } from './definition.ts';

export function addSubscriberCommands(program: Command, { context, exit }: Definition): void {
  const subscribers = program
    .command('subscribers')
    .description('add, list, show, remove and import subscribers')
    .addHelpText(
      'after',
      example(
        'renga subscribers add ann@example.org --confirmed',
        'renga subscribers import list.csv --confirmed',
      ),
    );
  subscribers
    .command('add <address>')
    .description('add an address; pending, and so without mail, unless you say --confirmed')
    .option('--confirmed', 'you have their consent: active at once')
    .addHelpText('after', example('renga subscribers add "Ann Lee <ann@example.org>" --confirmed'))
    .action(async (address: string, options) => {
      await (await import('./commands/subscribers.ts')).runAdd(context(), address, options);
    });
  subscribers
    .command('list')
    .description('list the subscribers')
    .option('--state <state>', 'only pending, active, unsubscribed or suppressed ones')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', example('renga subscribers list --state active'))
    .action(async (options) => await (await import('./commands/subscribers.ts')).runList(context(), options));
  subscribers
    .command('show <address>')
    .description("show a subscriber's whole story")
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('renga subscribers show ann@example.org --json'))
    .action(async (address: string, options) => {
      exit(await (await import('./commands/subscribers.ts')).runShow(context(), address, options));
    });
  addListEndCommands(subscribers, { context, exit });
}

function addListEndCommands(subscribers: Command, { context, exit }: Definition): void {
  subscribers
    .command('remove <address>')
    .description('end a subscription; what was not handed over is withdrawn')
    .addHelpText('after', example('renga subscribers remove ann@example.org'))
    .action(async (address: string) =>
      exit(await (await import('./commands/subscribers.ts')).runRemove(context(), address)),
    );
  subscribers
    .command('import <file>')
    .description('add a list: CSV, or one address a line')
    .option('--confirmed', 'you have their consent: active at once')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would be added')
    .addHelpText('after', example('renga subscribers import list.csv --confirmed --yes'))
    .action(async (file: string, options) => {
      exit(
        await (await import('./commands/import-subscribers.ts')).runImportSubscribers(
          context(),
          file,
          options,
        ),
      );
    });
}
