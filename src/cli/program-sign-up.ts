/** The commands about the way in: the form for other sites, and the keys that sign links. */
import type { Command } from 'commander';
import { type Definition, example } from './definition.ts';

export function addSignUpCommands(program: Command, { context }: Definition): void {
  program
    .command('form')
    .description('print the HTML of a form that signs readers up from a page of your own site')
    .addHelpText('after', example('renga form', 'renga form >> sidebar.html'))
    .action(async () => await (await import('./commands/form.ts')).runForm(context()));
  const keys = program.command('keys').description('the keys that sign personal links');
  keys
    .command('rotate')
    .description('sign links with a new key from now on; those of older mails go on working')
    .addHelpText('after', example('renga keys rotate'))
    .action(async () => await (await import('./commands/keys.ts')).runKeysRotate(context()));
}
