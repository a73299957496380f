/** `renga digests preview` and `digests test ADDRESS`. */
import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { previewDigest, sendTestMessage } from '../../app/digests/preview-digest.ts';
import { parseAddress, renderAddress } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Post } from '../../domain/post.ts';
import type { Series } from '../../domain/publication.ts';
import { chooseSeries } from '../choose-series.ts';
import { type Context, withRenga } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { tellLine, writeLine } from '../terminal.ts';
import { renderContent } from './digests.ts';

export async function runPreview(
  context: Context,
  series: string | null,
  flags: { readonly html?: true; readonly open?: true },
): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const chosen = chooseSeries(renga, series);
    const { content, standIn } = await previewDigest(renga, chosen);
    if (standIn) tellLine(context.terminal, renderStandIn(chosen, standIn));
    if (!flags.open) {
      tellLine(context.terminal, `Subject: ${content.subject}`);
      context.terminal.write(await renderContent(renga, content, flags));
      return;
    }
    const file = join(await mkdtemp(join(tmpdir(), 'renga-preview-')), 'digest.html');
    await writeFile(file, await renderContent(renga, content, { html: true }));
    openInBrowser(file);
    writeLine(context.terminal, file);
  });
}

function renderStandIn({ name }: Series, { title }: Post): string {
  return `The series ${name} has no new post, so nothing goes out. This is a sample: a digest of the newest post, “${title}”.`;
}

/** Best effort: the file's name is printed for where no opener is. */
function openInBrowser(file: string): void {
  const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['cmd', '/c', 'start', ''],
  };
  const [command, ...rest] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...rest, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

export async function runTest(
  context: Context,
  text: string,
  flags: { readonly series?: string },
): Promise<number> {
  const parsed = parseAddress(text);
  if (parsed.kind === 'not-an-address') {
    throw new OperatorError(
      `${JSON.stringify(text)} is not an address: ${parsed.reason}.`,
      'Write it as name@example.org.',
    );
  }
  return await withRenga(context, async ({ renga }) => {
    const outcome = await sendTestMessage(renga, chooseSeries(renga, flags.series ?? null), parsed.address);
    writeLine(context.terminal, `${outcome.kind}: ${renderAddress(parsed.address)} (${outcome.reply})`);
    return outcome.kind === 'accepted' ? EXIT.done : EXIT.problemsFound;
  });
}
