/** The digest that is sent in all measurements: the same documents for Renga and for its peers, cut so that the finished message has a given size. */
import type { Address } from '../../src/domain/address.ts';
import { parseAddress } from '../../src/domain/address.ts';
import type { RenderedDigest } from '../../src/domain/digest.ts';
import { type MessageHead, SLOTS } from '../../src/domain/message.ts';
import { compileMessage } from '../../src/mail/compile-message.ts';
import { generatePost } from '../generate-posts.ts';

export const UNSUBSCRIBE_URL = 'https://example.org/unsubscribe/';

export const HEAD: MessageHead = {
  from: { name: 'Bench', address: toAddress('bench@example.org') },
  replyTo: null,
  subject: 'the fan counts the hours',
  listId: { title: 'Bench', identifier: 'weekly.example.org' },
  unsubscribeUrl: UNSUBSCRIBE_URL,
  unsubscribeAddress: toAddress('bench@example.org'),
  archiveUrl: 'https://example.org/',
  helpUrl: 'https://example.org/feeds/',
  ownerAddress: toAddress('bench@example.org'),
  feedbackId: '1:weekly:renga:example.org',
  language: 'en',
  boundarySeed: 'bench',
};

/** Bytes, in a message of any size. */
const TOLERANCE = 60;

export function toAddress(text: string): Address {
  const result = parseAddress(text);
  if (result.kind !== 'address') throw new Error(`${text}: ${result.reason}`);
  return result.address;
}

export type SizedDigest = { readonly digest: RenderedDigest; readonly mime: Uint8Array };

/** A digest whose compiled message has `bytes` bytes, give or take 60. */
export async function composeSizedDigest(bytes: number): Promise<SizedDigest> {
  let characters = bytes / 2;
  for (let round = 0; round < 30; round += 1) {
    const digest = composeDigest(Math.round(characters));
    const mime = await compileMessage(HEAD, digest);
    if (Math.abs(mime.length - bytes) <= TOLERANCE) return { digest, mime };
    characters = Math.max(1, characters + (bytes - mime.length) / 1.6);
  }
  throw new Error(`no digest of ${bytes} bytes could be made`);
}

/** As much prose as asked for as HTML, and a third of it as text. Quotes and dashes make it need an encoding, as real posts do. */
function composeDigest(characters: number): RenderedDigest {
  let prose = '';
  for (let number = 1; prose.length < characters; number += 1)
    prose += generatePost(number * 10 + 1).markdown;
  const paragraphs = prose.slice(0, characters).replaceAll(' and ', ' – and ').split('\n\n');
  const html = paragraphs.map((text) => `<p style="margin:0 0 16px;line-height:1.5">${escape(text)}</p>`);
  // By characters, not by paragraphs: else the size jumps, and passes over some.
  const text = paragraphs.join('\n\n').slice(0, Math.ceil(characters / 3));
  const url = `${UNSUBSCRIBE_URL}${SLOTS.token}`;
  return {
    subject: HEAD.subject,
    html: `<!doctype html><html lang="en"><body>\n${html.join('\n')}\n<p><a href="${url}">Unsubscribe</a></p></body></html>\n`,
    text: `${text}\n\nUnsubscribe: ${url}\n`,
    folded: [],
  };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
