/** Four hundred posts in five scripts and more, of all the shapes that authors write: haiku in the head or in front matter, code, lists, footnotes, tables, emoji. */

const WORDS: readonly (readonly [language: string, title: string, haiku: readonly string[], text: string])[] =
  [
    [
      'latin',
      'Der Größe nach & <b>laut</b>',
      ['über den Dächern', 'ein Œuvre', 'ça et là'],
      'Ein “Satz” — mit ¼ & <kbd>.',
    ],
    [
      'cyrillic',
      'Привет ]]> мир',
      ['старый пруд', 'прыгнула лягушка', 'всплеск воды'],
      'Тишина — «вода» и ещё ёж.',
    ],
    [
      'arabic',
      'مرحبا بالعالم',
      ['بركة قديمة', 'تقفز ضفدعة', 'صوت الماء'],
      'نص من اليمين إلى اليسار، مع 123 و(أقواس).',
    ],
    [
      'hebrew',
      'שלום עולם "ישן"',
      ['בריכה ישנה', 'צפרדע קופצת', 'קול המים'],
      'טקסט מימין לשמאל, עם abc באמצע.',
    ],
    ['japanese', '夏の夜や', ['古池や', '蛙飛びこむ', '水の音'], '日本語の文章。句読点、「括弧」も。'],
    ['chinese', '春眠不覺曉', ['處處聞啼鳥', '夜來風雨聲', '花落知多少'], '中文段落，沒有空格。'],
    [
      'devanagari',
      'नमस्ते "दुनिया"',
      ['पुराना तालाब', 'मेंढक कूदता है', 'पानी की आवाज़'],
      'हिन्दी में एक वाक्य, क्ष्म्य संयुक्ताक्षर।',
    ],
    ['emoji', '🍂 👩🏽‍💻 🏴󠁧󠁢󠁳󠁣󠁴󠁿', ['🐸', '🌊 🌊', '🔕'], 'ZWJ 👨‍👩‍👧‍👦, flags 🇯🇵, astral 𝔘𝔫𝔦𝔠𝔬𝔡𝔢.'],
  ];

const SHAPES: readonly ((text: string, index: number) => string)[] = [
  (text) => `${text}\n\n    indented & <code>\n`,
  (text, index) => `## ${text}\n\n- one\n- [two](../${index}/)\n\n> ${text}\n`,
  (text) => `${text}\n\n\`\`\`sh\nif [ "$a" ]]> b && c < d; then\n\`\`\`\n`,
  (text, index) => `${text}[^1]\n\n| a | b |\n| - | - |\n| ${index} | ${text} |\n\n[^1]: ${text}\n`,
  (text) =>
    `<script>alert(1)</script>${text} <img src="//cdn.example/a.png" onerror="x()"> [x](javascript:y)\n`,
];

export const MANY = 400;

/** Paths below the publication, with their texts; a post every 20 hours, so that there are two years of them. */
export function composeMany(): ReadonlyMap<string, string> {
  const first = Temporal.PlainDateTime.from('2025-01-03T06:30:15');
  return new Map(
    Array.from({ length: MANY }, (_, index) => {
      const [language, title, haiku, text] = WORDS[index % WORDS.length] ?? ['', '', [], ''];
      const body = SHAPES[index % SHAPES.length]?.(`${text} ${index}`, index) ?? '';
      const at = first.add({ hours: index * 20 }).toString();
      const verse = index % 3 === 0 ? `${haiku.join('\n')}\n\n` : '';
      const front = `---\ntitle: ${JSON.stringify(`${title} ${index}`)}\ndate: ${at}\ntags: [${language}]\n---\n`;
      return [`posts/${language}/${index}.md`, `${front}${verse}${body}`];
    }),
  );
}
