/** Anything in the HTML of an entry that could run, frame, submit or restyle, or that leads nowhere outside its own page. */

const ACTIVE_TAGS = new Set(
  'script style iframe frame object embed applet form input button textarea select link meta base svg math template noscript'.split(
    ' ',
  ),
);
const TAG = /<\/?([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)(>?)/y;
/** Without attributes, as most are: nothing in it is left to be asked. */
const INACTIVE_TAG = new RegExp(`</?(?!(?:${[...ACTIVE_TAGS].join('|')})>)[a-z][a-z0-9]*>`, 'y');
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const URL_NAMES = new Set(['href', 'src', 'poster', 'cite', 'action', 'formaction', 'data', 'background']);
/** What a person may follow, or a document load. */
const WHOLE = /^(?:https?:\/\/|mailto:|tel:)/i;

/** What it is, in words that go on from "holds"; null for nothing. */
export function findActive(html: string): string | null {
  for (let at = html.indexOf('<'); at >= 0; ) {
    INACTIVE_TAG.lastIndex = at;
    TAG.lastIndex = at;
    const isInactive = INACTIVE_TAG.test(html);
    const tag = isInactive ? null : TAG.exec(html);
    const active = tag && judgeTag(tag);
    if (active !== null) return active;
    at = html.indexOf('<', isInactive ? INACTIVE_TAG.lastIndex : tag ? TAG.lastIndex : at + 1);
  }
  return null;
}

function judgeTag([whole, name = '', attributes = '', end = '']: RegExpExecArray): string | null {
  if (end === '') return `an unfinished tag "${whole.slice(0, 30)}"`;
  if (ACTIVE_TAGS.has(name.toLowerCase())) return `<${name.toLowerCase()}>`;
  return attributes === '' ? null : findActiveAttribute(attributes);
}

function findActiveAttribute(attributes: string): string | null {
  for (const [, written = '', double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    const name = written.toLowerCase();
    const value = (double ?? single ?? bare ?? '').replace(/&amp;/g, '&').trim();
    if (name.startsWith('on')) return `the event handler ${name}`;
    if (name === 'style' || name === 'srcdoc') return `the attribute ${name}`;
    const urls = name === 'srcset' ? value.split(/,\s+/) : URL_NAMES.has(name) ? [value] : [];
    const odd = urls.find((url) => !WHOLE.test(url));
    if (odd !== undefined) return `"${odd.slice(0, 60)}" as ${name}, which is no whole address`;
  }
  return null;
}
