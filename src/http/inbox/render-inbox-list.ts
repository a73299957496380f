/** The inbox as a list: newest first, a page at a time. */
import { html } from 'hono/html';
import type { Publication } from '../../domain/publication.ts';
import type { InboxEntry } from '../../mail/read-inbox.ts';
import { INBOX, type Markup, renderInboxFrame } from './inbox-frame.ts';
import { renderMoment, renderPeople, renderSize } from './inbox-words.ts';

const MAILS_ON_A_PAGE = 100;

/** `page` counts from 1; one beyond the last is empty. */
export function renderInboxList(
  publication: Publication,
  entries: readonly InboxEntry[],
  page: number,
): Markup {
  const start = (page - 1) * MAILS_ON_A_PAGE;
  const shown = entries.slice(start, start + MAILS_ON_A_PAGE);
  const count = entries.length === 1 ? 'One mail' : `${entries.length} mails`;
  const content = html`<header class="where"><a href="/">${publication.title}</a></header>
<main>
<h1>Inbox</h1>
<p class="about">${entries.length === 0 ? '' : `${count}. `}Nothing here has left this machine: with <code>smtp: inbox</code> every mail ends in this folder, to be looked at.</p>
${shown.length === 0 ? renderEmpty() : renderMails(publication, shown)}
${renderTurning(page, start + MAILS_ON_A_PAGE < entries.length)}
</main>`;
  return renderInboxFrame(`Inbox · ${publication.title}`, content);
}

function renderEmpty(): Markup {
  return html`<p class="empty">No mail yet. When a digest goes out, it lands here.</p>`;
}

function renderMails(publication: Publication, entries: readonly InboxEntry[]): Markup {
  return html`<ol class="mails">
${entries.map((entry) => renderMail(publication, entry))}</ol>`;
}

function renderMail(publication: Publication, { id, subject, from, to, date, size }: InboxEntry): Markup {
  const moment =
    date && html`<time datetime="${date.toString()}">${renderMoment(date, publication.zone)}</time>`;
  return html`<li><a href="${INBOX}/${id}">
<span class="subject">${subject || '(no subject)'}</span>
${moment ?? html`<span></span>`}
<span class="people">to ${renderPeople(to)}, from ${renderPeople(from)}</span>
<span class="size">${renderSize(size)}</span>
</a></li>
`;
}

function renderTurning(page: number, isMore: boolean): Markup {
  if (page === 1 && !isMore) return html``;
  return html`<nav class="turn" aria-label="Pages">
${page > 1 ? html`<a href="${INBOX}?page=${page - 1}" rel="prev">Newer</a>` : html`<span></span>`}
${isMore ? html`<a href="${INBOX}?page=${page + 1}" rel="next">Older</a>` : ''}
</nav>`;
}
