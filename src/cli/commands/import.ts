/** `renga import FILE…`: transcripts into posts. One that cannot be taken does not stop the others. */
import { resolve } from 'node:path';
import { importTranscript } from '../../posts/import-transcript.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { tellLine, writeLine } from '../terminal.ts';

export async function runImport(context: Context, files: readonly string[]): Promise<number> {
  let refused = 0;
  for (const file of files) {
    const result = await importTranscript({ root: context.root, file: resolve(file) });
    if (result.kind === 'refused') {
      refused += 1;
      tellLine(context.terminal, `${file}: ${result.reason}`);
    } else {
      writeLine(
        context.terminal,
        result.kind === 'imported' ? result.path : `${result.path} (was there already)`,
      );
    }
  }
  return refused > 0 ? EXIT.problemsFound : EXIT.done;
}
