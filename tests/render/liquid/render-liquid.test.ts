/** What is rendered at once is what the package renders, for templates of all kinds that ours and users' are made of. */
import { array, assert, constantFrom, letrec, oneof, property, record, tuple } from 'fast-check';
import { Liquid } from 'liquidjs';
import { expect, it } from 'vitest';
import { createLiquidRenderer } from '../../../src/render/liquid/render-liquid.ts';

const NAMES = [
  'a',
  'a.b',
  'a.size',
  'list',
  'list.size',
  'list.first',
  'n',
  'none',
  'yes',
  'gone',
  'a.gone',
  'item',
  'forloop.last',
  'a["b"]',
  'list[0]',
];
const FILTERS = ['', ' | raw', ' | upcase', ' | default: "d"', ' | escape', ' | raw | upcase'];
const OPERATORS = ['==', '!=', '>', '<', '>=', 'or', 'and', 'contains'];

const path = constantFrom(...NAMES);
const operand = oneof(path, constantFrom('"x & y"', '1', '0', 'true', 'nil', 'empty', 'blank', 'not yes'));
const condition = oneof(
  operand,
  constantFrom(
    'n == 1',
    'n != 0',
    'n > 1',
    'list.size > 0',
    'a == "x & y"',
    'a != ""',
    'list.size == 3 and a',
  ),
  tuple(operand, constantFrom(...OPERATORS), operand).map((words) => words.join(' ')),
  tuple(operand, constantFrom(...OPERATORS), operand, constantFrom('or', 'and'), operand).map((words) =>
    words.join(' '),
  ),
  path.map((name) => `${name} | default: 1`),
);

const { template } = letrec<{ template: string; piece: string }>((tie) => ({
  template: array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
  piece: oneof(
    { maxDepth: 3, depthSize: 'small' },
    constantFrom(
      'text ',
      '<b>&amp;</b>',
      '{% break %}',
      '{% continue %}',
      '{%- comment -%} c {%- endcomment -%}',
      '{% assign n = "set" %}',
    ),
    tuple(path, constantFrom(...FILTERS)).map(([name, filter]) => `{{ ${name}${filter} }}`),
    tuple(
      constantFrom('if', 'unless'),
      condition,
      tie('template'),
      condition,
      tie('template'),
      tie('template'),
    ).map(
      ([tag, first, one, second, other, rest]) =>
        `{% ${tag} ${first} %}${one}{% elsif ${second} %}${other}{% else %}${rest}{% end${tag} %}`,
    ),
    tuple(constantFrom('list', 'a', 'none'), tie('template')).map(
      ([name, inside]) => `{% for item in ${name} %}${inside}{% else %}nothing{% endfor %}`,
    ),
    tie('template').map((inside) => `{% capture n %}${inside}{% endcapture %}`),
    tie('template').map((inside) => `{% block main %}${inside}{% endblock %}`),
  ),
}));

const value = constantFrom<unknown>(
  'x & y',
  `<"quoted" and 'single'>`,
  '',
  0,
  1,
  2.5,
  true,
  false,
  null,
  ['p', '<q>', 3],
  [],
  { b: 'B' },
);
const data = record({ a: value, list: value, n: value, none: constantFrom(null), yes: constantFrom(true) });

const OPTIONS = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  lenientIf: true,
  outputEscape: 'escape',
} as const;

it('gives what the package gives, and refuses what it refuses', () => {
  assert(
    property(template, template, data, (page, layout, given) => {
      const texts = {
        'page.liquid': `{% layout "layout.liquid" %}{% block main %}${page}{% endblock %}`,
        'layout.liquid': layout,
      };
      const ours = createLiquidRenderer(
        new Map(Object.entries(texts).map(([name, text]) => [name, { text, path: `templates/${name}` }])),
      );
      const whole = new Liquid({ ...OPTIONS, templates: texts });
      const result = ours.template('page.liquid', given);
      let expected: string | null = null;
      try {
        expected = String(whole.renderFileSync('page.liquid', given));
      } catch {
        // Then ours has to refuse it, too.
      }
      expect(result.kind === 'rendered' ? result.text : null).toBe(expected);
    }),
    { numRuns: 400 },
  );
});
