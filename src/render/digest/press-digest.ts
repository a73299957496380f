/** One digest or notice through its template: Liquid first, then MJML; whatever a user's template gets wrong is told with its file and line. */
import { OperatorError } from '../../domain/operator-error.ts';
import type { Templates } from '../templates.ts';
import type { Workshop } from '../workshop.ts';
import type { DigestView } from './digest-view.ts';
import type { MjmlProcess } from './mjml-process.ts';

/** The template's name among the templates. */
export const DIGEST_TEMPLATE = 'digest.mjml';

export type Press = {
  readonly templates: Templates;
  readonly workshop: Pick<Workshop, 'template'>;
  readonly mjml: Pick<MjmlProcess, 'compile'>;
};

/** The final HTML of the mail. Throws OperatorError for a broken template. */
export async function pressDigest(press: Press, view: DigestView): Promise<string> {
  return await pressMail(press, DIGEST_TEMPLATE, view);
}

/** As `pressDigest`, of the mail of that template. */
export async function pressMail(press: Press, name: string, view: object): Promise<string> {
  const source = await press.workshop.template(name, view);
  const { html, errors } = await press.mjml.compile(source);
  const [first] = errors;
  if (first) throw await explain(press, name, first);
  return html;
}

/**
 * The lines MJML counts are those of what Liquid printed. So the template itself is looked at with its Liquid blanked out, which leaves
 * every line where its author sees it; what is only wrong with real posts in it is told without a line.
 */
async function explain(
  press: Press,
  name: string,
  error: { readonly message: string; readonly tagName: string },
): Promise<OperatorError> {
  const template = press.templates.get(name);
  const path = template?.path ?? `templates/${name}`;
  const { errors } = await press.mjml.compile(blankLiquid(template?.text ?? ''));
  const [placed] = errors;
  const line = placed?.line ? `, line ${placed.line}` : '';
  const said = (placed ?? error).message.replace(/\s+/g, ' ').replace(/\.$/, '');
  return new OperatorError(
    `${path}${line}: ${said}.`,
    'Mend the element, or remove the file to use the template that comes with Renga.',
  );
}

function blankLiquid(text: string): string {
  return text.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (liquid) => liquid.replace(/[^\n]/g, ' '));
}
