/** A head and a digest with fixed values, for the tests of this folder. */
import { type Address, parseAddress } from '../../src/domain/address.ts';
import { type MessageHead, type Personal, SLOTS } from '../../src/domain/message.ts';

export function address(text: string): Address {
  const result = parseAddress(text);
  if (result.kind !== 'address') throw new Error(`${text}: ${result.reason}`);
  return result.address;
}

export const UNSUBSCRIBE = 'https://lists.example.org/unsubscribe/';

export const HEAD: MessageHead = {
  from: { name: 'Käthe at the Terminal', address: address('digest@example.org') },
  replyTo: { name: 'Käthe', address: address('kaethe@example.org') },
  subject: 'the branch was deleted',
  listId: { title: 'Small Joys, Kept', identifier: 'weekly.example.org' },
  unsubscribeUrl: UNSUBSCRIBE,
  unsubscribeAddress: address('owner+leave@example.org'),
  archiveUrl: 'https://example.org/',
  helpUrl: 'https://example.org/feeds/',
  ownerAddress: address('owner@example.org'),
  feedbackId: '7:weekly:renga:example.org',
  language: 'en-GB',
  boundarySeed: 'digest 7 all',
};

export const DIGEST = {
  html: `<!doctype html>\n<html lang="en"><body><p>the branch was deleted<br>we patched it and moved along<br>the secret rotated — 詩 🍵</p>\n<p><a href="${UNSUBSCRIBE}${SLOTS.token}">Leave this list</a>, at any time.</p></body></html>\n`,
  text: `    the branch was deleted\n    we patched it and moved along\n    the secret rotated — 詩 🍵\n\n.a line that begins with a dot\n\nLeave: ${UNSUBSCRIBE}${SLOTS.token}\n`,
};

export const PERSONAL: Personal = {
  address: address('ann@reader.example'),
  name: 'Ann Lee',
  token: 'AQAAAAAAAAd1c3Vic2NyaWJlLXRva2VuLTM1',
  messageId: 'renga.7.0123456789abcdef0123456789abcdef@example.org',
  date: Temporal.Instant.from('2026-11-16T09:00:00Z'),
};
