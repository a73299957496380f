/** Verifies a publication from end to end without sending or writing anything: posts, templates, DKIM keys with their records, and the login at the mail server. */
import { OperatorError } from '../domain/operator-error.ts';
import { renderProblem } from '../domain/problem.ts';
import { composeKeyRecord } from '../mail/dkim/key-record.ts';
import { lookUpRecord, type RecordFinding } from '../mail/dkim/look-up-record.ts';
import type { SigningKey } from '../mail/dkim/signing-key.ts';
import { listPosts } from './list-posts.ts';
import { previewDigest } from './preview-digest.ts';
import type { Renga } from './renga.ts';

export type CheckResult = { readonly subject: string; readonly isRight: boolean; readonly detail: string };

export async function checkAll(renga: Renga): Promise<readonly CheckResult[]> {
  const warnings = renga.configProblems.map(renderProblem).join('; ');
  const results: CheckResult[] = [{ subject: 'config/renga.yaml', isRight: true, detail: warnings }];
  results.push(...(await checkPosts(renga)));
  for (const series of renga.series) {
    results.push(
      await attempt(
        `digest template, series ${series.name}`,
        async () => void (await previewDigest(renga, series)),
      ),
    );
  }
  for (const key of renga.signingKeys) results.push(await checkKey(renga, key));
  results.push(await attempt('mail server', async () => await checkLogin(renga)));
  return results;
}

async function checkPosts(renga: Renga): Promise<readonly CheckResult[]> {
  const { posts, problems } = await listPosts(renga);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0)
    return [{ subject: 'posts', isRight: true, detail: `${posts.length} can be read` }];
  return errors.map((problem) => ({ subject: 'posts', isRight: false, detail: renderProblem(problem) }));
}

/** The key itself was judged when the publication was opened. DNS may lag behind or be out of reach, so what it says is no more than a warning. */
async function checkKey({ resolveTxt }: Pick<Renga, 'resolveTxt'>, key: SigningKey): Promise<CheckResult> {
  const { name } = composeKeyRecord(key);
  const bits = key.key.asymmetricKeyDetails?.modulusLength;
  const kind = bits === undefined ? 'Ed25519' : `RSA of ${bits} bits`;
  const advice = bits !== undefined && bits < 2048 ? '; warning: use 2048 bits' : '';
  const said = renderFinding(await lookUpRecord(key, resolveTxt));
  return {
    subject: `DKIM key ${key.selector}`,
    isRight: true,
    detail: `${kind}, signs for ${key.domain}${advice}; ${said} (${name})`,
  };
}

function renderFinding(finding: RecordFinding): string {
  if (finding.kind === 'published') return 'its record is in DNS';
  if (finding.kind === 'unknown') return `DNS could not be asked for its record: ${finding.reason}`;
  const fault =
    finding.kind === 'missing'
      ? 'its record is not in DNS, so receivers cannot verify what it signs'
      : `its record in DNS is useless: ${finding.reason}`;
  return `warning: ${fault}; \`renga dkim show\` prints the right one`;
}

async function checkLogin(renga: Renga): Promise<void> {
  const transport = await renga.openTransport();
  try {
    const result = await transport.connect();
    if (result.kind === 'connected') return await result.connection.close();
    const hint = result.kind === 'refused-us' ? result.hint : 'Is smtp.url right, and the server up?';
    throw new OperatorError(result.reply, hint);
  } finally {
    await transport.close();
  }
}

async function attempt(subject: string, work: () => Promise<void>): Promise<CheckResult> {
  try {
    await work();
    return { subject, isRight: true, detail: '' };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { subject, isRight: false, detail: `${error.message} ${error.hint}` };
  }
}
