/** One mail of the inbox: who, when, and the view that was chosen, with links to the others. */
import { html } from 'hono/html';
import type { Publication } from '../../domain/publication.ts';
import type { InboxEntry, InboxMail } from '../../mail/read-inbox.ts';
import { type Choice, renderChoice, type View, viewsOf } from './choose-view.ts';
import { INBOX, type Markup, renderInboxFrame } from './inbox-frame.ts';
import { renderMoment, renderPeople, renderSize } from './inbox-words.ts';

/**
 * No scripts and an origin of its own: a mail can run nothing and reach nothing of ours. Its links open apart from the frame,
 * where they are ordinary pages again.
 */
export const FRAME_SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

const VIEW_WORDS: Readonly<Record<View, string>> = {
  html: 'HTML',
  text: 'Text',
  headers: 'Headers',
  source: 'Source',
};

export type OpenedMail = { readonly entry: InboxEntry; readonly mail: InboxMail };

export function renderInboxMail(publication: Publication, opened: OpenedMail, choice: Choice): Markup {
  const subject = opened.entry.subject || '(no subject)';
  const content = html`<header class="where"><a href="${INBOX}">Inbox</a></header>
<main>
<h1>${subject}</h1>
${renderFacts(publication, opened.entry)}
${renderBar(opened, choice)}
${renderView(opened, choice)}
</main>`;
  return renderInboxFrame(`${subject} · Inbox`, content);
}

function renderFacts(publication: Publication, { from, to, date, size }: InboxEntry): Markup {
  const moment =
    date && html`<time datetime="${date.toString()}">${renderMoment(date, publication.zone)}</time>`;
  return html`<dl class="facts">
<dt>From</dt><dd>${renderPeople(from)}</dd>
<dt>To</dt><dd>${renderPeople(to)}</dd>
<dt>Date</dt><dd>${moment ?? 'none'}</dd>
<dt>Size</dt><dd>${renderSize(size)}</dd>
</dl>`;
}

function renderBar({ entry, mail }: OpenedMail, choice: Choice): Markup {
  const link = (change: Partial<Choice>, words: string): Markup => {
    const target = renderChoice({ ...choice, ...change });
    const current = target === renderChoice(choice) ? html` aria-current="true"` : '';
    return html`<li><a href="${INBOX}/${entry.id}${target}"${current}>${words}</a></li>`;
  };
  const choices = html`<ul class="choice" aria-label="Width">${link({ width: 'phone' }, 'Phone')}${link({ width: 'desktop' }, 'Desktop')}</ul>
<ul class="choice" aria-label="Colours">${link({ scheme: 'light' }, 'Light')}${link({ scheme: 'dark' }, 'Dark')}</ul>`;
  return html`<nav class="bar" aria-label="Views of this mail">
<ul class="views">${viewsOf(mail).map((view) => link({ view }, VIEW_WORDS[view]))}</ul>
${choice.view === 'html' ? choices : ''}
</nav>`;
}

function renderView(opened: OpenedMail, choice: Choice): Markup {
  if (choice.view === 'html') return renderStage(opened.entry, choice);
  if (choice.view === 'headers') return renderHeaders(opened.mail);
  return choice.view === 'text' ? html`<pre>${opened.mail.text}</pre>` : renderSource(opened);
}

function renderHeaders({ headers }: InboxMail): Markup {
  return html`<dl class="facts all">
${headers.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
}

function renderSource({ entry, mail }: OpenedMail): Markup {
  const file = `${entry.id}.eml`;
  return html`<pre>${mail.source}</pre>
<p class="note"><a href="${INBOX}/${entry.id}/source">The source alone</a> · <a href="${INBOX}/${entry.id}/source" download="${file}">Download it as ${file}</a></p>`;
}

function renderStage(entry: InboxEntry, { width, scheme }: Choice): Markup {
  const words = width === 'phone' ? '375 pixels wide, as on a phone' : 'at desktop width';
  const note =
    scheme === 'dark'
      ? 'Shown as programs do that follow the mail’s own dark colours. Some, such as Gmail’s apps, invert colours by rules of their own.'
      : 'Shown as it came: no script runs, and the pictures are loaded.';
  return html`<div class="stage" role="region" aria-label="The mail" tabindex="0"><iframe class="${width} ${scheme}" sandbox="${FRAME_SANDBOX}" src="${INBOX}/${entry.id}/html?scheme=${scheme}" title="The mail, ${words}, ${scheme}"></iframe></div>
<p class="note">${note}</p>`;
}
