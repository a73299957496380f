/**
 * The server's own short pages: a title and a few sentences, perhaps one button. They are drawn with the publication's template, and
 * plainly when that fails: a broken template must not keep anyone from leaving.
 */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Publication } from '../domain/publication.ts';
import { type HeaderList, pagePolicy, PRIVATE_HEADERS } from './security-headers.ts';
import type { WebEnv } from './web-env.ts';

/** What the template `page-message.liquid` is given; all of it plain text. */
export type MessagePage = {
  readonly title: string;
  /** Lines of a haiku above the words; may be empty. */
  readonly verse: readonly string[];
  readonly paragraphs: readonly string[];
  /** One button that POSTs, or null. `action` is a relative or absolute URL. */
  readonly form: { readonly action: string; readonly label: string } | null;
  /** One link, where there is one. `href` is a relative or absolute URL. */
  readonly link?: { readonly href: string; readonly label: string };
};

export type MessagePages = {
  /** Answers with the page; kept by no cache, found by no search. Never throws. */
  answer(context: Context<WebEnv>, status: ContentfulStatusCode, page: MessagePage): Promise<Response>;
};

export function openMessagePages(means: {
  readonly publication: Publication;
  readonly renderPage: (page: MessagePage) => Promise<string>;
  readonly report: (error: unknown) => void;
}): MessagePages {
  const { publication, renderPage, report } = means;
  const headers: HeaderList = { ...PRIVATE_HEADERS, 'Content-Security-Policy': pagePolicy(publication) };
  return {
    answer: async (context, status, page) => {
      try {
        return context.html(await renderPage(page), status, headers);
      } catch (error) {
        report(error);
        return context.html(renderPlainly(publication, page), status, headers);
      }
    },
  };
}

function renderPlainly(publication: Publication, page: MessagePage): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${publication.title}</title>
<h1>${page.title}</h1>
${page.paragraphs.map((text) => html`<p>${text}</p>\n`)}${
  page.form &&
  html`<form method="post" action="${page.form.action}"><button type="submit">${page.form.label}</button></form>\n`
}${page.link && html`<p><a href="${page.link.href}">${page.link.label}</a></p>\n`}</html>
`;
}
