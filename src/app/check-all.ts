/** Verifies a publication from end to end without sending or writing anything: posts, templates, DKIM keys with their records, and the login at the mail server. */
import { OperatorError } from '../domain/operator-error.ts';
import type { Problem } from '../domain/problem.ts';
import { composeKeyRecord } from '../mail/dkim/key-record.ts';
import { lookUpRecord, type RecordFinding } from '../mail/dkim/look-up-record.ts';
import type { SigningKey } from '../mail/dkim/signing-key.ts';
import { checkTemplates } from './check-templates.ts';
import { findRefusal } from './delivery/keep-journal.ts';
import { listPosts } from './entries/list-posts.ts';
import type { Renga } from './renga.ts';

export type CheckResult = {
  /** What was looked at: a file with its line, a series' digest, a key. */
  readonly subject: string;
  /** Only `wrong` stops anything: a note or a warning is for the author to weigh. */
  readonly verdict: 'right' | 'note' | 'warning' | 'wrong';
  /** Whole sentences, or ''. */
  readonly detail: string;
};

export async function checkAll(renga: Renga): Promise<readonly CheckResult[]> {
  const results = [...checkConfig(renga), ...(await checkPosts(renga))];
  for (const { subject, error } of await checkTemplates(renga))
    results.push(judge(`templates, ${subject}`, error));
  for (const key of renga.signingKeys) results.push(await checkKey(renga, key));
  results.push(await attempt('journal', async () => await checkJournal(renga)));
  results.push(await attempt('mail server', async () => await checkLogin(renga)));
  return results;
}

function checkConfig({ configProblems }: Renga): readonly CheckResult[] {
  if (configProblems.length > 0) return configProblems.map(showProblem);
  return [{ subject: 'config/renga.yaml', verdict: 'right', detail: '' }];
}

async function checkPosts(renga: Renga): Promise<readonly CheckResult[]> {
  const { posts, problems } = await listPosts(renga);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors.map(showProblem);
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const more = warnings === 0 ? '' : ` There are warnings (${warnings}): renga posts check shows them.`;
  return [{ subject: 'posts', verdict: 'right', detail: `${posts.length} can be read.${more}` }];
}

const VERDICTS = { error: 'wrong', warning: 'warning', hint: 'note' } as const;

function showProblem({ severity, path, line, message }: Problem): CheckResult {
  const subject = line === null ? path : `${path}:${line}`;
  return { subject, verdict: VERDICTS[severity], detail: endSentence(message) };
}

async function checkJournal(renga: Renga): Promise<void> {
  const refusal = await findRefusal(renga);
  if (refusal) throw refusal;
}

/** The key itself was judged when the publication was opened. DNS may lag behind or be out of reach, so what it says is no more than a warning. */
async function checkKey({ resolveTxt }: Pick<Renga, 'resolveTxt'>, key: SigningKey): Promise<CheckResult> {
  const { name } = composeKeyRecord(key);
  const bits = key.key.asymmetricKeyDetails?.modulusLength;
  const kind = bits === undefined ? 'Ed25519' : `RSA of ${bits} bits`;
  const isShort = bits !== undefined && bits < 2048;
  const finding = await lookUpRecord(key, resolveTxt);
  const isDoubtful = isShort || finding.kind === 'missing' || finding.kind === 'useless';
  return {
    subject: `DKIM key ${key.selector}`,
    verdict: isDoubtful ? 'warning' : 'right',
    detail: `${kind}${isShort ? ' (use 2048)' : ''}, signs for ${key.domain}; ${renderFinding(finding)} (${name}).`,
  };
}

function renderFinding(finding: RecordFinding): string {
  if (finding.kind === 'published') return 'its record is in DNS';
  if (finding.kind === 'unknown') return `DNS could not be asked for its record: ${finding.reason}`;
  const fault =
    finding.kind === 'missing'
      ? 'its record is not in DNS, so receivers cannot verify what it signs'
      : `its record in DNS is useless: ${finding.reason}`;
  return `${fault}; \`renga dkim show\` prints the right one`;
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
    return judge(subject, null);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return judge(subject, error);
  }
}

function judge(subject: string, error: OperatorError | null): CheckResult {
  if (error === null) return { subject, verdict: 'right', detail: '' };
  return { subject, verdict: 'wrong', detail: `${endSentence(error.message)} ${error.hint}` };
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
