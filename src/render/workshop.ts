/**
 * The workshop: worker threads that read untrusted Markdown, run users' Liquid and make feed documents under a time limit. One hostile post
 * or template costs its own result and a thread, never the program and never the next job.
 */
import { OperatorError } from '../domain/operator-error.ts';
import type { BodyJob, BodyResult } from './body-job.ts';
import type { FeedJob, FeedResult } from './feeds/feed-job.ts';
import type { Template, Templates } from './templates.ts';
import { type PoolAnswer, ThreadPool } from './thread-pool.ts';
import type { WorkshopAnswer, WorkshopRequest } from './workshop-job.ts';

export type Workshop = {
  /** Markdown → sanitised HTML. Never throws for a post's sake. */
  body(job: BodyJob): Promise<BodyResult>;
  /** Sanitised HTML → plain text made for reading; null where that takes too long. */
  text(html: string): Promise<string | null>;
  /** A feed document in its three formats, or what keeps them from being published (`feeds/check/`). */
  feeds(job: FeedJob): Promise<FeedResult>;
  /** Renders a template by name; what it prints is escaped unless it says `raw`. `data` is plain JSON. Throws OperatorError naming file and line. */
  template(name: string, data: object): Promise<string>;
  /** Renders one line of Liquid from elsewhere (a Subject) as plain text, unescaped. */
  pattern(pattern: Template, data: object): Promise<string>;
  /** To be called by who will have something to render soon: a thread takes a while to start. */
  warmUp(): void;
  /** Requests from now on are answered with these templates. */
  renew(templates: Templates): void;
  /** Ends the threads; jobs still open are rejected. */
  close(): Promise<void>;
};

export type WorkshopOptions = {
  readonly templates: Templates;
  readonly threads: number;
  /** For one job, counted from when a thread takes it up. */
  readonly timeLimitMilliseconds: number;
};

const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './workshop-thread.ts' : './workshop-thread.js',
  import.meta.url,
);

export function openWorkshop(options: WorkshopOptions): Workshop {
  const { threads, timeLimitMilliseconds } = options;
  let { templates } = options;
  const pool = new ThreadPool<WorkshopRequest, WorkshopAnswer>({
    file: THREAD,
    data: templates,
    threads,
    timeLimitMilliseconds,
  });
  const limit = `${timeLimitMilliseconds / 1000} s`;
  return {
    body: async (job) => bodyFrom(await pool.run({ kind: 'body', job }), limit),
    text: async (html) => {
      const answer = await pool.run({ kind: 'text', html });
      return answer.kind === 'answered' && answer.answer.kind === 'text' ? answer.answer.text : null;
    },
    feeds: async (job) => feedsFrom(await pool.run({ kind: 'feeds', job }), limit),
    template: async (name, data) => {
      const path = templates.get(name)?.path ?? `templates/${name}`;
      return textFrom(await pool.run({ kind: 'template', name, data }), path, limit);
    },
    pattern: async (pattern, data) =>
      textFrom(await pool.run({ kind: 'pattern', pattern, data }), pattern.path, limit),
    warmUp: () => pool.warmUp(),
    renew: (newer) => {
      templates = newer;
      pool.renew(newer);
    },
    close: () => pool.close(),
  };
}

function bodyFrom(answer: PoolAnswer<WorkshopAnswer>, limit: string): BodyResult {
  if (answer.kind === 'answered' && answer.answer.kind === 'body') return answer.answer.result;
  return { kind: 'refused', reason: whyNot(answer, 'read as Markdown', limit) };
}

function feedsFrom(answer: PoolAnswer<WorkshopAnswer>, limit: string): FeedResult {
  if (answer.kind === 'answered' && answer.answer.kind === 'feeds') return answer.answer.result;
  return { kind: 'unfit', faults: [{ entry: null, reason: whyNot(answer, 'make', limit) }] };
}

function textFrom(answer: PoolAnswer<WorkshopAnswer>, path: string, limit: string): string {
  if (answer.kind !== 'answered' || answer.answer.kind !== 'liquid') {
    const hint =
      'Look for a loop in it that never ends, or remove the file to use the template that comes with Renga.';
    throw new OperatorError(`${path} ${whyNot(answer, 'render', limit)}.`, hint);
  }
  const { result } = answer.answer;
  if (result.kind === 'broken') throw new OperatorError(result.message, result.hint);
  return result.text;
}

/** What is asked of a thread, as in "takes too long to …" and in "cannot be …". */
const DONE = { 'read as Markdown': 'read as Markdown', render: 'rendered', make: 'made' };

function whyNot(answer: PoolAnswer<WorkshopAnswer>, work: keyof typeof DONE, limit: string): string {
  if (answer.kind === 'too-long') return `takes longer than ${limit} to ${work}`;
  return `cannot be ${DONE[work]}: ${answer.kind === 'died' ? answer.reason : 'no answer'}`;
}
