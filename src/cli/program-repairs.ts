/** The commands with which a person decides: deliveries in doubt, a digest to be stopped, a database that is behind. */
import { type Command, Option } from 'commander';
import { DELIVERY_STATES } from '../domain/delivery.ts';
import type { CancelFlags } from './commands/stop-digest.ts';
import { type Definition, example } from './definition.ts';

export function addRepairCommands(program: Command, definition: Definition): void {
  addDeliveries(program, definition);
  const digests = program.commands.find((command) => command.name() === 'digests');
  if (digests) addStops(digests, definition);
  addRecover(program, definition);
}

function addDeliveries(program: Command, { context }: Definition): void {
  const deliveries = program
    .command('deliveries [number]')
    .description("show a digest's deliveries, of the newest by default")
    .addOption(new Option('--state <state...>', 'only those in these states').choices(DELIVERY_STATES))
    .option('--json', 'one JSON object a line: {digest, address, state, reply}')
    .addHelpText(
      'after',
      example(
        'renga deliveries',
        'renga deliveries 3 --state in-doubt given-up --json',
        'renga deliveries resolve 3 --resend',
      ),
    )
    .action(async (number: string | undefined, options) => {
      await (await import('./commands/deliveries.ts')).runDeliveries(context(), number ?? null, options);
    });
  deliveries
    .command('resolve <number> [addresses...]')
    .description(
      'decide what becomes of deliveries in doubt or given up, of all or of those named (asks first)',
    )
    .option('--resend', 'send the same copy again')
    .option('--skip', 'leave those in doubt as they are, for good')
    .option('--yes', 'answer the question with yes')
    .addHelpText(
      'after',
      example('renga deliveries resolve 3 --skip', 'renga deliveries resolve 3 --resend ann@example.org'),
    )
    .action(async (number: string, addresses: string[], options) => {
      await (await import('./commands/resolve.ts')).runResolve(context(), number, addresses, options);
    });
}

function addStops(digests: Command, { context }: Definition): void {
  const stops = async () => await import('./commands/stop-digest.ts');
  digests
    .command('pause <number>')
    .description('send no more of a digest for now; others go on')
    .addHelpText('after', example('renga digests pause 3'))
    .action(async (number: string) => await (await stops()).runDigestsPause(context(), number));
  digests
    .command('resume <number>')
    .description('go on with a digest that was paused')
    .addHelpText('after', example('renga digests resume 3'))
    .action(async (number: string) => await (await stops()).runDigestsResume(context(), number));
  digests
    .command('cancel <number>')
    .description('send no more of a digest for good, and say who had it (asks first)')
    .option('--yes', 'answer the question with yes')
    .option('--json', 'print the addresses by state as JSON')
    .addHelpText('after', example('renga digests cancel 3', 'renga digests cancel 3 --yes --json'))
    // The list has a --json, too, and takes this one's.
    .action(async (number: string, _: unknown, cancel: Command) => {
      await (await stops()).runDigestsCancel(context(), number, cancel.optsWithGlobals<CancelFlags>());
    });
}

function addRecover(program: Command, { context }: Definition): void {
  program
    .command('recover')
    .description('go on from a database that is older than what was sent: shows what is known, and asks')
    .addOption(new Option('--resend', 'send open deliveries, which may have been sent').conflicts('skip'))
    .addOption(new Option('--skip', 'keep open deliveries in doubt for you to resolve (the default)'))
    .option('--yes', 'answer the question with yes')
    .addHelpText('after', example('renga recover', 'renga recover --resend --yes'))
    .action(async (options) => await (await import('./commands/recover.ts')).runRecover(context(), options));
}
