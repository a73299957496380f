/** `renga keys rotate`: links are signed with a new key from now on; those of older mails go on working. */
import { type Context, withRenga } from '../context.ts';
import { writeLine } from '../terminal.ts';

export async function runKeysRotate(context: Context): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const id = await renga.store.rotateLinkKey(renga.clock());
    writeLine(
      context.terminal,
      `Links are signed with key ${id} from now on. Those of older mails go on working: their keys are kept.`,
    );
  });
}
