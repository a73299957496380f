/**
 * The child process that turns MJML into HTML, one document at a time. Kept apart because the package blocks its thread, weighs 100 MB, and on
 * import runs whatever a `.mjmlconfig` in the working folder names: so this folder is the package's own. The one door to mjml.
 */
import { createRequire } from 'node:module';
import type { MjmlAnswer, MjmlError, MjmlRequest } from './mjml-job.ts';

type Mjml = (
  mjml: string,
  options: {
    /** None: else the package links fonts from Google. */
    readonly fonts: Readonly<Record<string, string>>;
    readonly validationLevel: 'soft';
    readonly keepComments: boolean;
    readonly ignoreIncludes: boolean;
    readonly minifyOptions: { readonly minifyCss: boolean };
  },
) => Promise<{ readonly html: string; readonly errors: readonly MjmlError[] }>;

const mjml = createRequire(import.meta.url)('mjml') as Mjml;

process.on('message', (request: MjmlRequest) => {
  void answer(request).then((said) => process.send?.(said));
});
// The parent is gone, however it went: there is nobody to work for.
process.on('disconnect', () => process.exit());

async function answer({ id, mjml: source }: MjmlRequest): Promise<MjmlAnswer> {
  try {
    const { html, errors } = await mjml(source, {
      fonts: {},
      validationLevel: 'soft',
      keepComments: false,
      ignoreIncludes: true,
      minifyOptions: { minifyCss: false },
    });
    const plain = errors.map(({ line, message, tagName }) => ({ line, message, tagName }));
    return { id, html, errors: plain };
  } catch (error) {
    return { id, html: '', errors: [{ line: null, message: String(error), tagName: 'mjml' }] };
  }
}
