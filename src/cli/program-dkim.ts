/** The commands for the keys that sign mail. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Definition, example } from './definition.ts';

export function addDkimCommands(program: Command, { context }: Definition): void {
  const dkim = program
    .command('dkim')
    .description('keys that sign the mail (DKIM), and their records in DNS');
  dkim
    .command('new')
    .description('make a key, and print its DNS record and the lines for the config')
    .option('--selector <name>', 'its name in DNS (default: renga- and the month)')
    .option('--ed25519', 'make the second key, which signs beside that of RSA')
    .option('--bits <number>', 'length of an RSA key', parseBits, 2048)
    .addHelpText(
      'after',
      example('renga dkim new', 'renga dkim new --ed25519', 'renga dkim new --selector s2'),
    )
    .action(async (options) => await (await import('./commands/dkim.ts')).runDkimNew(context(), options));
  dkim
    .command('show')
    .description('print the DNS records of the keys in the config')
    .addHelpText('after', example('renga dkim show'))
    .action(async () => await (await import('./commands/dkim.ts')).runDkimShow(context()));
}

/** RFC 8301 §3.2: what every receiver verifies. */
function parseBits(text: string): number {
  const bits = Number(text);
  if (!/^\d+$/.test(text) || bits < 1024 || bits > 4096)
    throw new InvalidArgumentError('It must be a number from 1024 to 4096; 2048 is right for most.');
  return bits;
}
