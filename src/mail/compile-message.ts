/**
 * Compiles a digest into the whole MIME message that all copies are patched from: built once, the same bytes for the same input. The slots
 * stand in it after transfer encoding, so that patching never encodes again.
 */
import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import type { RenderedDigest } from '../domain/digest.ts';
import type { MessageHead } from '../domain/message.ts';
import { composeHead } from './compose-head.ts';
import { composeNoticeHead, type NoticeHead } from './compose-notice-head.ts';
import { type MarkedDocument, markSlots, placeSlots } from './slots.ts';

/**
 * Head and documents → message with slots: CRLF line ends, lines of at most 76 characters but for URLs and addresses in the header.
 * Throws OperatorError where a document has no unsubscribe link.
 */
export async function compileMessage(
  head: MessageHead,
  digest: Pick<RenderedDigest, 'html' | 'text'>,
): Promise<Uint8Array> {
  const { unsubscribeUrl, preferencesUrl } = head;
  const links = [unsubscribeUrl, ...(preferencesUrl === undefined ? [] : [preferencesUrl])] as const;
  return await compile(composeHead(head), links, head.boundarySeed, digest);
}

/** The same for a notice, whose token ends its own link. */
export async function compileNotice(
  head: NoticeHead,
  documents: Pick<RenderedDigest, 'html' | 'text'>,
): Promise<Uint8Array> {
  return await compile(composeNoticeHead(head), [head.linkBase], head.boundarySeed, documents);
}

async function compile(
  head: string,
  links: readonly [string, ...string[]],
  boundarySeed: string,
  documents: Pick<RenderedDigest, 'html' | 'text'>,
): Promise<Uint8Array> {
  const text = markSlots(normaliseLines(documents.text), links, 'text');
  const html = markSlots(normaliseLines(documents.html), links, 'HTML');
  const body = await composeBody(boundarySeed, text, html);
  return Buffer.concat([Buffer.from(head), Buffer.from(placeSlots(body, [text, html]), 'latin1')]);
}

/** RFC 2046 §5.1.4: the richest alternative last. */
async function composeBody(seed: string, text: MarkedDocument, html: MarkedDocument): Promise<string> {
  const outer = new MimeNode('message/rfc822', {
    // RFC 2045 §6.7: "=_" cannot occur in quoted-printable text, so no post can hold the boundary.
    boundaryPrefix: '=_renga',
    baseBoundary: createHash('sha256').update(seed).digest('hex').slice(0, 24),
  });
  // A part within another: nodemailer gives the outermost a random Message-ID and the present Date.
  const alternative = outer.createChild('multipart/alternative');
  addPart(alternative, 'text/plain; charset=utf-8', text.content);
  addPart(alternative, 'text/html; charset=utf-8', html.content);
  return (await alternative.build()).toString('latin1');
}

function addPart(parent: MimeNode, type: string, content: string): void {
  parent.createChild(type).setHeader('Content-Transfer-Encoding', 'quoted-printable').setContent(content);
}

/** Canonical line ends (RFC 2045 §6.7 rule 4), and one at the very end, so that no part ends in a soft break. */
function normaliseLines(document: string): string {
  const lines = document.toWellFormed().replace(/\r\n?|\n/g, '\r\n');
  return lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
}
