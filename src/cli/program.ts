/**
 * Every command with its options, help and examples, and nothing of what it does: an action's file is loaded when it runs,
 * so that `renga --help` answers at once. A new command is one file in `commands/` and one function here or beside.
 */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Context } from './context.ts';
import { addDkimCommands } from './program-dkim.ts';
import { addFeedCommands } from './program-feeds.ts';
import { addDigestCommands } from './program-digests.ts';
import { addRepairCommands } from './program-repairs.ts';
import { addSubscriberCommands } from './program-subscribers.ts';
import { addSignUpCommands } from './program-sign-up.ts';
import { addPostCommands } from './program-posts.ts';
import type { CommandLine } from './command-line.ts';
import { type Definition, example } from './definition.ts';

export function buildProgram(line: CommandLine, exit: (code: number) => void): Command {
  const { terminal, wiring, stopping } = line;
  const program = new Command('renga');
  program
    .description('Turns a folder of Markdown posts, each headed by a haiku, into feeds and an e-mail digest.')
    .version(wiring.version, '-V, --version')
    .option('-C, --directory <dir>', "the publication's folder", '.')
    .showHelpAfterError('(renga --help shows the commands)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.tell })
    .addHelpText('after', EXAMPLES);
  const context = (): Context => {
    const { directory } = program.opts<{ directory: string }>();
    return { terminal, wiring, stopping, root: resolve(line.workingDirectory, directory) };
  };
  const definition = { context, exit };
  addRunCommands(program, definition);
  addPostCommands(program, definition);
  addFeedCommands(program, definition);
  addDigestCommands(program, definition);
  addRepairCommands(program, definition);
  addSubscriberCommands(program, definition);
  addSignUpCommands(program, definition);
  addDkimCommands(program, definition);
  addUpkeepCommands(program, definition);
  return program;
}

const EXAMPLES = `
Examples:
  renga init my-blog             make a publication
  renga new "a / b / c"          start a post under its haiku
  renga publish --dry-run        show what publishing would change
  renga publish                  write feeds and pages, send what is due
  renga serve                    keep publishing, serving and sending`;

function addRunCommands(program: Command, { context, exit }: Definition): void {
  program
    .command('publish')
    .description('write feeds and pages, freeze the digests that are due, and deliver')
    .option('--digest [series]', 'send a digest now instead of waiting for its slot (asks first)')
    .option('--yes', 'answer the question with yes')
    .option('--dry-run', 'show the exact plan and change nothing (exit 0: nothing to do, 10: changes)')
    .option('--allow-empty', 'publish without any post, if that is meant')
    .option('--allow-reflood', 'publish though readers see old posts as new, if that is meant')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      example('renga publish', 'renga publish --dry-run --json', 'renga publish --digest weekly --yes'),
    )
    .action(async (options) => {
      const { wiring, root } = context();
      // Before the rest of the program is loaded, which takes its time.
      const scout = options.dryRun ? undefined : await wiring.openScout(root);
      exit(await (await import('./commands/publish.ts')).runPublish(context(), options, scout));
    });
  program
    .command('serve')
    .description('serve the pages, watch the posts, keep the schedule, deliver; until it is stopped')
    .option('--port <number>', 'port to listen on instead of server.port', parsePort)
    .addHelpText('after', example('renga serve', 'renga -C my-blog serve --port 8080'))
    .action(async (options) => await (await import('./commands/serve.ts')).runServe(context(), options));
  program
    .command('start')
    .description(
      'try it out: with the embedded inbox, add sample subscribers and send the first digest; then serve',
    )
    .option('--port <number>', 'port to listen on instead of server.port', parsePort)
    .addHelpText('after', example('renga start'))
    .action(async (options) => await (await import('./commands/start.ts')).runStart(context(), options));
  program
    .command('deliver')
    .description('deliver what is due, and return when nothing is')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', example('renga deliver'))
    .action(async (options) => await (await import('./commands/deliver.ts')).runDeliver(context(), options));
  program
    .command('status')
    .description('digests with their deliveries, slots, and what needs a person')
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('renga status', 'renga status --json'))
    .action(async (options) => await (await import('./commands/status.ts')).runStatus(context(), options));
}

function addUpkeepCommands(program: Command, { context, exit }: Definition): void {
  program
    .command('init <dir>')
    .description('make a publication in a folder')
    .addHelpText('after', example('renga init my-blog'))
    .action(
      async (directory: string) => await (await import('./commands/init.ts')).runInit(context(), directory),
    );
  program
    .command('check')
    .description('verify config, templates, posts and the SMTP login')
    .option('--json', 'print it as JSON')
    .addHelpText('after', example('renga check'))
    .action(async (options) =>
      exit(await (await import('./commands/check.ts')).runCheck(context(), options)),
    );
  program
    .command('backup <file>')
    .description('copy the database while it is in use (a plain copy could be torn)')
    .addHelpText('after', example('renga backup renga-2026-11-21.db'))
    .action(async (file: string) => await (await import('./commands/backup.ts')).runBackup(context(), file));
  program
    .command('move-database <from> <to>')
    .description('move everything from SQLite to PostgreSQL, or back; the old database is closed for good')
    .addHelpText('after', example('renga move-database var/renga.db postgres://renga@localhost/renga'))
    .action(
      async (from: string, to: string) =>
        await (await import('./commands/move-database.ts')).runMoveDatabase(context(), from, to),
    );
  program
    .command('completions <shell>')
    .description('print completions for bash, zsh or fish')
    .addHelpText(
      'after',
      example(
        'source <(renga completions bash)',
        'renga completions fish > ~/.config/fish/completions/renga.fish',
      ),
    )
    .action(async (shell: string) => {
      (await import('./commands/completions.ts')).runCompletions(context(), program, shell);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}
