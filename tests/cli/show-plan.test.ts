/** What `publish --dry-run` prints stays short, however much there is that does not change. */
import { describe, expect, it } from 'vitest';
import type { Plan, PlannedDigest } from '../../src/app/plan-publish.ts';
import { renderPlan } from '../../src/cli/show-plan.ts';
import { START } from '../app/example-publication.ts';
import { PUBLICATION } from '../render/feeds/sample-entries.ts';

const MANY = Array.from({ length: 10_000 }, (_, index) => `p${index}`);

const DIGEST: PlannedDigest = {
  series: 'weekly',
  slot: null,
  goesOutNow: false,
  posts: [],
  leftOut: MANY.map((name) => ({ title: name, path: `posts/${name}.md`, reason: 'mailed' })),
  subject: null,
  htmlBytes: null,
  subscribers: 1,
  groups: [],
};

const PLAN: Plan = {
  changes: false,
  files: MANY.map((name) => ({ path: `${name}/index.html`, change: 'unchanged' as const })),
  entries: { added: [], changed: [], removed: [] },
  flood: { old: [], readdressed: [] },
  isRefused: false,
  keptOut: 0,
  held: [],
  digests: [DIGEST],
  subscribers: { pending: 0, active: 1, unsubscribed: 0, suppressed: 0 },
  openDeliveries: 0,
  next: [],
  sharing: null,
  problems: [],
};

const show = (plan: Plan): string => renderPlan({ publication: PUBLICATION, clock: () => START }, plan);

describe('renderPlan', () => {
  it('counts what stays as it is', () => {
    const text = show(PLAN);
    expect(text.split('\n').length).toBeLessThan(12);
    expect(text).toContain('public/: 10,000 files unchanged');
    expect(text).toContain('- 10,000 posts: mailed');
  });

  it('names what changes, and a post that is left out alone', () => {
    const files = [...PLAN.files, { path: 'rss.xml', change: 'changed' as const }];
    const leftOut = [...DIGEST.leftOut, { title: 'Old', path: 'posts/old.md', reason: 'too old' }];
    const text = show({ ...PLAN, changes: true, files, digests: [{ ...DIGEST, leftOut }] });
    expect(text).toContain('  changed   public/rss.xml\n');
    expect(text).toContain('    - Old: too old\n');
    expect(text).not.toContain('p1/index.html');
  });

  it('shows who gets which posts, once they differ', () => {
    const posts = ['a', 'b', 'c'].map((id) => ({ id, title: `Post ${id}`, path: `posts/${id}.md` }));
    const whole = { posts: ['a', 'b', 'c'], subscribers: 12 };
    const planned = (groups: PlannedDigest['groups']): string =>
      show({ ...PLAN, digests: [{ ...DIGEST, leftOut: [], posts, groups }] });
    expect(planned([whole])).not.toContain('=');
    expect(planned([whole, { posts: ['a', 'c'], subscribers: 1 }])).toContain(
      '    = 12 subscribers get all of it\n    = 1 subscriber gets 2 of 3: Post a, Post c\n',
    );
    const many = Array.from({ length: 9 }, () => ({ posts: ['a'], subscribers: 2 }));
    expect(planned([whole, ...many])).toContain('    = 10 subscribers in 5 more groups get other parts');
  });
});
