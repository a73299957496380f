/** `renga subscribers export`: the whole list, with each story, to take away or to bring into another Renga. */
import { exportList } from '../../app/lists/export-list.ts';
import { type Context, withRenga } from '../context.ts';
import { parseState } from './subscribers.ts';

export type ExportFlags = { readonly state?: string; readonly json?: true };

export async function runExportSubscribers(context: Context, flags: ExportFlags): Promise<void> {
  const state = flags.state === undefined ? {} : { state: parseState(flags.state) };
  await withRenga(context, async ({ renga }) => {
    for await (const line of exportList(renga, { ...state, as: flags.json ? 'json' : 'csv' })) {
      context.terminal.write(line);
    }
  });
}
