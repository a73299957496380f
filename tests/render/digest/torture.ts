/** The torture digest: everything a mail may have to carry, in one. Its HTML and text are golden files, and its look is judged by eye. */
import type { Entry } from '../../../src/domain/entry.ts';
import type { AssetLinks } from '../../../src/render/link-assets.ts';
import type { Workshop } from '../../../src/render/workshop.ts';
import { composeEntry, type Sketch } from './compose-entries.ts';

const LINKS: AssetLinks = new Map([
  ['rack.jpg', { url: 'https://notes.example/the-fan/rack.jpg', size: { width: 1600, height: 900 } }],
  ['dot.png', { url: 'https://notes.example/the-fan/dot.png', size: { width: 24, height: 24 } }],
  ['hum.mp3', { url: 'https://notes.example/the-fan/hum.mp3', size: null }],
]);

const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(
  2,
);

const SKETCHES: readonly Sketch[] = [
  {
    slug: 'the-fan',
    haiku: ['the fan spins alone', 'between two racks of silence', 'someone left the light'],
    title: 'What the machine room sounds like at four',
    date: '2026-11-09T04:10[Europe/Vienna]',
    markdown: `The pager was quiet, and so I went down to look. *Nothing* was wrong, which is **the hardest thing to debug**.
I wrote it down all the same[^log], with [the old runbook](https://wiki.example/runbook?a=1&b=2) open beside me.

![A rack with one amber light](rack.jpg)

## The sound

Press <kbd>Ctrl</kbd>+<kbd>C</kbd> and listen: H<sub>2</sub>O in the cooling loop, 10<sup>3</sup> litres an hour. ![](dot.png)

> A machine that hums is a machine that waits.
>
> — written on the door, ~~by me~~ by nobody

1. Touch the panel.
2. Count to ten.
   - slower
   - slower still
3. Go home.

- [x] lights off
- [ ] door locked

<details><summary>The whole log</summary><p>04:10 nothing. 04:20 nothing.</p></details>

<audio src="hum.mp3"></audio>

![a photograph that was lost](lost.jpg) and [a file that was lost](lost.pdf).

[^log]: In the paper log: the electronic one was down.`,
  },
  {
    slug: 'the-diff',
    haiku: ['one line in the diff', 'and forty to explain it', 'the tests were all green'],
    title: 'A <b>one-line</b> change & what "it" cost',
    date: '2026-11-11T18:00[Europe/Vienna]',
    markdown: `The line itself, with everything a mail template trips over:

\`\`\`ts
const html = \`<td></mj-text></td>{{ user.name }} {% raw %} [[ x ]] <%= y %> &amp; RENGA-SLOT-TOKEN-RENGA\`;
const long = "${'0123456789abcdef'.repeat(12)}";
	if (a < b && b > c) return '日本語' + "🙂"; // tab before
\`\`\`

Inline: \`{{ title }}\`, \`</mj-text>\`, \`a && b\`, and \`RENGA-SLOT-TOKEN-RENGA\`.

| Host | Before | After | What we changed, told at some length so that the cell has to wrap |
|:-----|-------:|------:|:-----:|
| alpha | 1,204 ms | 9 ms | one index |
| beta-with-a-rather-long-name.internal.example | 88 ms | 91 ms | nothing |

</td></tr></table></mj-text></mj-column><td>a cell that escaped</td><div><b>never closed

<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">no way in</a>

### A heading below

${LONG_WORD} and https://very-long.example/${'path/'.repeat(30)}end`,
  },
  {
    slug: 'shinya',
    haiku: ['深夜の鯖', '静かに回る扇風機', 'ログは流れる'],
    title: '深夜のサーバー室',
    date: '2026-11-12T02:00[Europe/Vienna]',
    markdown:
      '静かな夜でした。サーバーは動いていて、ログは流れていました。何も起こらない夜ほど、記録する価値があるのかもしれません。だから私はこの文章を書いています。\n\n## 気づいたこと\n\n- 扇風機の音\n- **点滅する**灯り 👩‍💻🏳️‍🌈',
  },
  {
    slug: 'layla',
    haiku: ['الخادم نائم', 'والمصباح الصغير وحده', 'يحرس الليل'],
    title: 'ليلة هادئة في غرفة الخوادم',
    date: '2026-11-13T23:30[Europe/Vienna]',
    markdown:
      'كانت ليلة هادئة. كتبت الأمر `systemctl status` ثم انتظرت.\n\n> لا شيء يحدث، وهذا خبر جيد.\n\n1. اقرأ السجل\n2. اشرب الشاي\n\n```sh\nsystemctl status --no-pager | head -3\n```\n\nA paragraph in English stands between.\n\nעוד שורה אחת, בעברית.',
  },
  {
    slug: 'no-verse',
    title: 'A note without a haiku',
    date: '2026-11-14T10:00[Europe/Vienna]',
    markdown:
      'Not every post has three lines to spare. 🙂\n\n---\n\n# Topmost\n\n## Below\n\n### Below that\n\nThe end.',
  },
  {
    slug: 'verse-only',
    haiku: ['the swap filled at last', 'a system I built by hand', 'I typed it by heart'],
    date: '2026-11-15T10:00[Europe/Vienna]',
    markdown: 'Its title is the haiku itself.',
  },
];

/** Oldest first. */
export async function composeTorture(workshop: Workshop): Promise<readonly Entry[]> {
  return await Promise.all(SKETCHES.map((sketch) => composeEntry(workshop, sketch, LINKS)));
}
