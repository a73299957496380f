/** A program that publishes again and again: adds a post for each line it reads, publishes, and says so. It is there to be killed. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import { openRenga } from '../../../src/wire/open-renga.ts';

const root = process.argv[2] ?? '';
const { renga } = await openRenga(root, '1.0', () => undefined, null);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const date = Temporal.Instant.from('2026-01-01T00:00:00Z')
    .add({ minutes: Number(line) })
    .toString();
  const text = `---\ntitle: Post ${line}\ndate: ${date}\n---\none more is written\nreaders ask and never wait\nall of them agree\n\n${'Text. '.repeat(200)}\n`;
  await writeFile(join(root, 'posts', `post-${line}.md`), text);
  await publishFeedsAndPages(renga, { trustStamps: true, allowEmpty: true });
  process.stdout.write(`${line}\n`);
}
