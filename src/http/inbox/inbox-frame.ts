/** What every page of the inbox stands in. No script anywhere: a view is a link. */
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Where the inbox lives. Its links start at the server's root, for it is never seen through a proxy. */
export const INBOX = '/inbox';

export function renderInboxFrame(title: string, content: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="${INBOX}/style.css">
<link rel="icon" href="data:,">
</head>
<body>
${content}
</body>
</html>
`;
}
