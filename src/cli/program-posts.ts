/** The commands about posts. */
import type { Command } from 'commander';
import { type Definition, example } from './definition.ts';

export function addPostCommands(program: Command, { context, exit }: Definition): void {
  const posts = program
    .command('posts')
    .description('list the posts')
    .option('--json', 'print them as JSON')
    .addHelpText('after', example('renga posts', 'renga posts --json', 'renga posts check'))
    .action(async (options) => await (await import('./commands/posts.ts')).runPosts(context(), options));
  posts
    .command('check')
    .description('report every problem with file and line, and count syllables (exit 1 if any is an error)')
    .addHelpText('after', example('renga posts check'))
    .action(async () => exit(await (await import('./commands/posts.ts')).runPostsCheck(context())));
  posts
    .command('ids')
    .description("show each post's id")
    .option('--write', 'write id and date into front matter, so that a fresh clone keeps them')
    .addHelpText('after', example('renga posts ids', 'renga posts ids --write'))
    .action(async (options) => await (await import('./commands/posts.ts')).runPostsIds(context(), options));
  program
    .command('new <haiku>')
    .description('start a post in the right place')
    .option('--title <title>', 'its title')
    .addHelpText(
      'after',
      example('renga new "the swap filled at last / a system I built by hand / I typed it by heart"'),
    )
    .action(async (haiku: string, options) => {
      await (await import('./commands/new.ts')).runNew(context(), haiku, options);
    });
  program
    .command('import <file...>')
    .description('write transcripts ("$ cat post/….md" and what it printed) into posts/')
    .addHelpText('after', example('renga import seeds/*.txt'))
    .action(async (files: readonly string[]) => {
      exit(await (await import('./commands/import.ts')).runImport(context(), files));
    });
}
