/** `renga publish`: asks when a digest is wanted now, publishes, and says what it did; or shows the plan. */
import type { Plan, PlannedDigest } from '../../app/plan-publish.ts';
import { publish } from '../../app/publish.ts';
import type { Scout } from '../../app/site/scout.ts';
import { dismissSamples } from '../../app/subscribers/sample-subscribers.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Series } from '../../domain/publication.ts';
import { chooseSeries } from '../choose-series.ts';
import { type Context, type OpenRenga, withRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { openProgress } from '../progress.ts';
import { renderJson } from '../render-json.ts';
import { EXIT } from '../exit-code.ts';
import { renderPublishReport } from '../show-publish.ts';
import { tellConfigProblems } from '../tell-config-problems.ts';
import { tellLine } from '../terminal.ts';

export type PublishFlags = {
  readonly digest?: string | true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly allowEmpty?: true;
  readonly allowReflood?: true;
  readonly json?: true;
};

/** `scout`: who was sent ahead; undefined where it was not worth it. */
export async function runPublish(
  context: Context,
  flags: PublishFlags,
  scout: Scout | undefined,
): Promise<number> {
  const progress = await openProgress(context.terminal, {
    json: flags.json === true && flags.dryRun !== true,
    quiet: flags.dryRun === true,
  });
  return await withRenga(
    context,
    async (open) => {
      await tellConfigProblems(context, open.renga);
      const byHand =
        flags.digest === undefined
          ? null
          : chooseSeries(open.renga, flags.digest === true ? null : flags.digest);
      if (flags.dryRun) return await showPlan(context, open, flags, byHand);
      if (!open.usesInbox) await dismissSamples(open.renga);
      if (byHand && !(await isMeant(context, open, flags, byHand))) return EXIT.done;
      const options = {
        trustStamps: true,
        allowEmpty: flags.allowEmpty === true,
        allowReflood: flags.allowReflood === true,
        byHand,
        signal: context.stopping,
        scout,
      };
      const report = await publish(open.renga, options);
      progress.finish();
      context.terminal.write(flags.json ? renderJson(report) : renderPublishReport(open.renga, report));
      return EXIT.done;
    },
    progress.report,
  );
}

async function showPlan(
  context: Context,
  { renga }: OpenRenga,
  flags: PublishFlags,
  byHand: Series | null,
): Promise<number> {
  const plan = await makePlan(renga, flags, byHand);
  const { renderPlan } = await import('../show-plan.ts');
  context.terminal.write(flags.json ? renderJson(plan) : renderPlan(renga, plan));
  return plan.changes ? EXIT.changes : EXIT.done;
}

/** Loaded when it is asked for: most runs show no plan. */
async function makePlan(
  renga: OpenRenga['renga'],
  flags: PublishFlags,
  byHand: Series | null,
): Promise<Plan> {
  const { planPublish } = await import('../../app/plan-publish.ts');
  return await planPublish(renga, {
    trustStamps: true,
    allowEmpty: flags.allowEmpty === true,
    allowReflood: flags.allowReflood === true,
    byHand,
  });
}

/** Mail cannot be taken back: a person, or `--yes`, says so first. */
async function isMeant(
  context: Context,
  { renga }: OpenRenga,
  flags: PublishFlags,
  byHand: Series,
): Promise<boolean> {
  if (flags.yes) return true;
  const plan = await makePlan(renga, flags, byHand);
  const digest = plan.digests.find(({ series }) => series === byHand.name);
  if (!digest?.goesOutNow) return true;
  const answer = await context.terminal.ask(`${renderQuestion(digest)} [y/N] `);
  if (answer === null) {
    throw new OperatorError(
      `${renderQuestion(digest)} There is nobody to answer.`,
      'Say --yes to send it, or --dry-run to look first.',
    );
  }
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  tellLine(context.terminal, 'Nothing was sent.');
  return false;
}

function renderQuestion(digest: PlannedDigest): string {
  return `Send a digest of ${count(digest.posts.length, 'post')} to ${count(digest.subscribers, 'subscriber')} now?`;
}
