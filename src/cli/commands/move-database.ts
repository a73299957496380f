/** `renga move-database FROM TO`. */
import type { Context } from '../context.ts';
import { count } from '../phrases.ts';
import { writeLine } from '../terminal.ts';

export async function runMoveDatabase(context: Context, from: string, to: string): Promise<void> {
  const report = await context.wiring.moveDatabase(context.root, from, to);
  const { subscribers = 0, digests = 0, deliveries = 0, attempts = 0 } = report.rows;
  const rows = [
    count(subscribers, 'subscriber'),
    count(digests, 'digest'),
    count(deliveries, 'delivery', 'deliveries'),
    count(attempts, 'attempt'),
  ];
  writeLine(context.terminal, `Moved and compared: ${rows.join(', ')}, and all else.`);
  writeLine(context.terminal, `Now name ${report.to} as \`database\` in config/renga.yaml.`);
  writeLine(context.terminal, 'The old database is kept as it was, and refuses to be used.');
}
