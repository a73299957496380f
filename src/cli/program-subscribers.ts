/** The commands about subscribers. */
import type { Command } from 'commander';
import { type Definition, example } from './definition.ts';

export function addSubscriberCommands(program: Command, { context, exit }: Definition): void {
  const subscribers = program
    .command('subscribers')
    .description('add, list, find, remove, erase, import and export subscribers')
    .addHelpText(
      'after',
      example(
        'renga subscribers add ann@example.org --confirmed',
        'renga subscribers import audience.csv',
        'renga subscribers export > list.csv',
      ),
    );
  addAddCommand(subscribers, { context, exit });
  subscribers
    .command('list')
    .description('list the subscribers')
    .option('--state <state>', 'only pending, active, unsubscribed or suppressed ones')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', example('renga subscribers list --state active'))
    .action(async (options) => await (await import('./commands/subscribers.ts')).runList(context(), options));
  subscribers
    .command('search <text>')
    .description('list those whose address or name has a text in it')
    .option('--state <state>', 'only pending, active, unsubscribed or suppressed ones')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', example('renga subscribers search @example.org'))
    .action(
      async (text: string, options) =>
        await (await import('./commands/subscribers.ts')).runSearch(context(), text, options),
    );
  subscribers
    .command('show <address>')
    .description("show a subscriber's whole story")
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('renga subscribers show ann@example.org --json'))
    .action(async (address: string, options) => {
      exit(await (await import('./commands/show-subscriber.ts')).runShow(context(), address, options));
    });
  addEndCommands(subscribers, { context, exit });
  addTransferCommands(subscribers, { context, exit });
}

function addAddCommand(subscribers: Command, { context }: Definition): void {
  subscribers
    .command('add <address>')
    .description('add an address; pending, and so without digests, unless you say --confirmed')
    .option('--confirmed', 'you have their consent: active at once')
    .option('--invite', 'ask them by mail: active once they confirm')
    .addHelpText(
      'after',
      example(
        'renga subscribers add "Ann Lee <ann@example.org>" --confirmed',
        'renga subscribers add ann@example.org --invite',
      ),
    )
    .action(async (address: string, options) => {
      await (await import('./commands/subscribers.ts')).runAdd(context(), address, options);
    });
}

function addEndCommands(subscribers: Command, { context, exit }: Definition): void {
  subscribers
    .command('remove <address>')
    .description('end a subscription; what was not handed over is withdrawn')
    .addHelpText('after', example('renga subscribers remove ann@example.org'))
    .action(async (address: string) =>
      exit(await (await import('./commands/subscribers.ts')).runRemove(context(), address)),
    );
  subscribers
    .command('suppress <address>')
    .description('never write to an address again, subscriber or not; no import brings it back')
    .option('--reason <text>', 'why, for its story')
    .addHelpText('after', example('renga subscribers suppress ann@example.org --reason "asked by letter"'))
    .action(
      async (address: string, options) =>
        await (await import('./commands/subscribers.ts')).runSuppress(context(), address, options),
    );
  subscribers
    .command('erase <address>')
    .description('forget a person for good (GDPR); a hash keeps the address out')
    .option('--yes', 'do not ask')
    .addHelpText('after', example('renga subscribers erase ann@example.org'))
    .action(async (address: string, options) =>
      exit(await (await import('./commands/subscribers.ts')).runErase(context(), address, options)),
    );
}

function addTransferCommands(subscribers: Command, { context, exit }: Definition): void {
  subscribers
    .command('export')
    .description('write the whole list as CSV, stories included')
    .option('--state <state>', 'only pending, active, unsubscribed or suppressed ones')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', example('renga subscribers export > list.csv'))
    .action(
      async (options) =>
        await (await import('./commands/export-subscribers.ts')).runExportSubscribers(context(), options),
    );
  subscribers
    .command('import <file>')
    .description(
      'bring a list: from Mailchimp, Substack, Ghost, Buttondown, listmonk, any CSV, or an address a line',
    )
    .option(
      '--confirmed',
      'you have their consent: who is nowhere said to be something else is active at once',
    )
    .option(
      '--as <state>',
      'what they are of whom the list does not say it: pending, active, unsubscribed, suppressed',
    )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would be imported')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      example(
        'renga subscribers import subscribed_audience_export.csv',
        'renga subscribers import friends.txt --confirmed --yes',
        'renga subscribers import gone.txt --as unsubscribed',
      ),
    )
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
