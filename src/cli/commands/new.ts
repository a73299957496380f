/** `renga new "a / b / c"`. */
import { startPost } from '../../app/identity/start-post.ts';
import { type Context, withRenga } from '../context.ts';
import { writeLine } from '../terminal.ts';

export async function runNew(
  context: Context,
  haiku: string,
  flags: { readonly title?: string },
): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    writeLine(context.terminal, await startPost(renga, haiku, flags.title ?? null));
  });
}
