/** Pages that lead to the page a post has now: for hosts that serve files and know no 301. */
import { createHash } from 'node:crypto';
import type { Output } from '../../domain/output.ts';
import type { Publication } from '../../domain/publication.ts';
import { cleanLine } from '../clean-text.ts';
import { escapeHtml } from '../html-pieces.ts';

/** A page that was left, and the absolute address its post has now. */
export type PageMove = { readonly slug: string; readonly url: string; readonly title: string };

export function redirectOutputs(publication: Publication, moves: readonly PageMove[]): readonly Output[] {
  return moves.map((move) => {
    const html = renderRedirect(publication, move);
    return {
      path: `${move.slug}/index.html`,
      fingerprint: createHash('sha256').update(html).digest('hex'),
      render: async () => await Promise.resolve(html),
    };
  });
}

function renderRedirect({ language }: Publication, { url, title }: PageMove): string {
  const to = escapeHtml(new URL(url).href);
  const lines = [
    '<!doctype html>',
    `<html lang="${escapeHtml(language)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<title>${escapeHtml(cleanLine(title))}</title>`,
    '<meta name="robots" content="noindex">',
    `<link rel="canonical" href="${to}">`,
    `<meta http-equiv="refresh" content="0; url=${to}">`,
    '</head>',
    `<body><p><a href="${to}">${escapeHtml(cleanLine(title))}</a></p></body>`,
    '</html>',
  ];
  return `${lines.join('\n')}\n`;
}
