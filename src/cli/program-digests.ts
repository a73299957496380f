/** The commands about digests and slots. */
import type { Command } from 'commander';
import { type Definition, example } from './definition.ts';

export function addDigestCommands(program: Command, definition: Definition): void {
  addDigests(program, definition);
  addSlots(program, definition);
}

function addDigests(program: Command, { context, exit }: Definition): void {
  const digests = program
    .command('digests')
    .description('list the digests')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      example('renga digests', 'renga digests show 1 --text', 'renga digests preview --open'),
    )
    .action(async (options) => await (await import('./commands/digests.ts')).runDigests(context(), options));
  digests
    .command('show <number>')
    .description('show a digest as it was frozen')
    .option('--html', 'its HTML')
    .option('--text', 'its text (the default)')
    .option('--eml', 'the whole message, as one subscriber gets it')
    .addHelpText('after', example('renga digests show 1', 'renga digests show 1 --html > digest.html'))
    .action(async (number: string, options) => {
      await (await import('./commands/digests.ts')).runDigestsShow(context(), number, options);
    });
  digests
    .command('preview [series]')
    .description(
      'show what the next digest would be, or a sample of it where no post is new; nothing is sent',
    )
    .option('--html', 'its HTML instead of its text')
    .option('--open', 'open it in the browser')
    .addHelpText('after', example('renga digests preview', 'renga digests preview weekly --open'))
    .action(async (series: string | undefined, options) => {
      await (await import('./commands/preview.ts')).runPreview(context(), series ?? null, options);
    });
  digests
    .command('test <address>')
    .description('send the next digest to one address, with all headers and working links')
    .option('--series <name>', 'the series, if not the first')
    .addHelpText('after', example('renga digests test me@example.org'))
    .action(async (address: string, options) => {
      exit(await (await import('./commands/preview.ts')).runTest(context(), address, options));
    });
}

function addSlots(program: Command, { context }: Definition): void {
  const slots = program
    .command('slots')
    .description('list the slots of each series, and what became of them')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('renga slots', 'renga slots run "weekly 2026-11-16T09:00"'))
    .action(async (options) => await (await import('./commands/slots.ts')).runSlots(context(), options));
  slots
    .command('run <name>')
    .description('send the digest of a slot that was missed')
    .addHelpText('after', example('renga slots run "weekly 2026-11-16T09:00"'))
    .action(async (name: string) => await (await import('./commands/slots.ts')).runSlotsRun(context(), name));
  slots
    .command('skip <name>')
    .description('decide that a missed slot stays without a digest')
    .addHelpText('after', example('renga slots skip "weekly 2026-11-16T09:00"'))
    .action(
      async (name: string) => await (await import('./commands/slots.ts')).runSlotsSkip(context(), name),
    );
}
