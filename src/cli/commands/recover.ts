/** `renga recover`: shows how far this database is behind what was sent, asks, and makes it fit to send from. */
import { recover, type RecoveryView, viewRecovery } from '../../app/recover.ts';
import { confirm } from '../confirm.ts';
import { type Context, withRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { writeLine } from '../terminal.ts';

export type RecoverFlags = { readonly resend?: true; readonly skip?: true; readonly yes?: true };

export async function runRecover(context: Context, flags: RecoverFlags): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const view = await viewRecovery(renga);
    if (view.kind === 'fits')
      return writeLine(context.terminal, 'This database is as the journal knows it: nothing to recover.');
    const open = flags.resend ? 'resend' : 'skip';
    writeLine(context.terminal, renderView(view, open));
    if (!(await confirm(context, 'Go on from this database?', flags.yes === true))) return;
    const result = await recover(renga, open);
    const becomes = open === 'skip' ? 'are in doubt now' : 'are due again';
    writeLine(
      context.terminal,
      `Recovered: ${count(result.digests, 'digest')} added as sent, ${count(result.deliveries, 'delivery', 'deliveries')} ${becomes}.`,
    );
  });
}

const STANDS: Readonly<Record<Exclude<RecoveryView['kind'], 'fits'>, string>> = {
  older: 'This database is an older copy: more was sent than it knows.',
  exchanged: 'This is not the database that was sent from before.',
  'journal-missing':
    'This database has sent before, and there is no journal to tell whether it is the newest copy.',
};

function renderView(view: RecoveryView, open: 'skip' | 'resend'): string {
  const { kind, knownUntil, writtenUntil, lost } = view;
  const lines = kind === 'fits' ? [] : [STANDS[kind]];
  if (writtenUntil !== null) lines.push(`The journal ends at ${renderTime(writtenUntil)}.`);
  if (knownUntil !== null)
    lines.push(`This copy was in use until ${renderTime(knownUntil)} or a little later.`);
  for (const { number, slot, subject } of lost)
    lines.push(`Unknown here: digest ${number} (${slot}) “${subject}”. It is never sent from here.`);
  lines.push(renderOpen(view.open, open));
  lines.push('Subscribers who came or left since this copy was made are not known: see docs/recovery.md.');
  return lines.join('\n');
}

function renderOpen(open: number, decision: 'skip' | 'resend'): string {
  const deliveries = count(open, 'open delivery', 'open deliveries');
  return decision === 'skip'
    ? `${deliveries} may have been sent: kept in doubt for you to resolve (--resend sends them).`
    : `${deliveries} may have been sent, and will be sent: some people may get a second copy.`;
}

const renderTime = (time: Temporal.Instant): string => time.toString({ smallestUnit: 'second' });
