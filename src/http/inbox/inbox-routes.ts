/**
 * The embedded inbox in a browser, on this machine only: mail is private even where it is only tried out. What senders wrote is shown in a sandbox
 * or as text, never as part of our own pages.
 */
import { type Context, Hono } from 'hono';
import type { Publication } from '../../domain/publication.ts';
import { type InboxMail, listInbox, readInboxMail } from '../../mail/read-inbox.ts';
import { isLocalRequest } from '../is-local-request.ts';
import type { MessagePages } from '../message-pages.ts';
import { type HeaderList, PRIVATE_HEADERS } from '../security-headers.ts';
import type { WebEnv } from '../web-env.ts';
import { parseChoice, parseScheme, viewsOf } from './choose-view.ts';
import { forceScheme } from './force-scheme.ts';
import { INBOX_STYLE } from './inbox-style.ts';
import { renderInboxList } from './render-inbox-list.ts';
import { FRAME_SANDBOX, renderInboxMail } from './render-inbox-mail.ts';

type Inbox = { readonly folder: string; readonly publication: Publication; readonly pages: MessagePages };

const PAGE_HEADERS: HeaderList = {
  ...PRIVATE_HEADERS,
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** A mail of anybody's making: pictures and styles, as mail programs allow, and nothing else. Only our own page may frame it. */
const MAIL_HEADERS: HeaderList = {
  ...PRIVATE_HEADERS,
  'Content-Security-Policy': `default-src 'none'; img-src * data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox ${FRAME_SANDBOX}`,
  'X-Frame-Options': 'SAMEORIGIN',
};

export function openInboxRoutes(folder: string, publication: Publication, pages: MessagePages): Hono<WebEnv> {
  const inbox: Inbox = { folder, publication, pages };
  const routes = new Hono<WebEnv>();
  routes.use(async (context, next) => {
    const isLocal = isLocalRequest(context.req.raw, context.env?.incoming?.socket.remoteAddress);
    return isLocal ? await next() : await refuseStranger(inbox, context);
  });
  const list = async (context: Context<WebEnv>): Promise<Response> => await showList(inbox, context);
  routes.get('/', list);
  routes.get('/style.css', (context) =>
    context.body(INBOX_STYLE, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'no-cache',
    }),
  );
  routes.get('/:id', async (context) => await showMail(inbox, context, context.req.param('id')));
  routes.get('/:id/html', async (context) => await showHtml(inbox, context, context.req.param('id')));
  routes.get('/:id/source', async (context) => await showSource(inbox, context, context.req.param('id')));
  return routes;
}

async function refuseStranger(inbox: Inbox, context: Context<WebEnv>): Promise<Response> {
  return await inbox.pages.answer(context, 403, {
    title: 'Not from here',
    verse: [],
    paragraphs: [
      'The inbox is shown only in a browser on the machine that Renga runs on, by a loopback address, not through a proxy.',
    ],
    form: null,
  });
}

async function showList(inbox: Inbox, context: Context<WebEnv>): Promise<Response> {
  const page = Math.max(1, Math.trunc(Number(context.req.query('page') ?? 1)) || 1);
  const entries = await listInbox(inbox.folder);
  return await context.html(renderInboxList(inbox.publication, entries, page), 200, PAGE_HEADERS);
}

async function showMail(inbox: Inbox, context: Context<WebEnv>, id: string): Promise<Response> {
  const mail = await readInboxMail(inbox.folder, id);
  const entry = mail && (await listInbox(inbox.folder)).find((candidate) => candidate.id === id);
  if (!mail || !entry) return await answerNoMail(inbox, context);
  const choice = parseChoice(context.req.query(), viewsOf(mail));
  return await context.html(renderInboxMail(inbox.publication, { entry, mail }, choice), 200, PAGE_HEADERS);
}

async function showHtml(inbox: Inbox, context: Context<WebEnv>, id: string): Promise<Response> {
  const html = (await readInboxMail(inbox.folder, id))?.html ?? null;
  if (html === null) return await answerNoMail(inbox, context);
  return context.html(forceScheme(html, parseScheme(context.req.query('scheme'))), 200, MAIL_HEADERS);
}

async function showSource(inbox: Inbox, context: Context<WebEnv>, id: string): Promise<Response> {
  const mail: InboxMail | null = await readInboxMail(inbox.folder, id);
  return mail ? context.text(mail.source, 200, PRIVATE_HEADERS) : await answerNoMail(inbox, context);
}

async function answerNoMail(inbox: Inbox, context: Context<WebEnv>): Promise<Response> {
  return await inbox.pages.answer(context, 404, {
    title: 'No such mail',
    verse: [],
    paragraphs: ['The inbox has no mail by that name. It may have been deleted from the folder.'],
    form: null,
  });
}
