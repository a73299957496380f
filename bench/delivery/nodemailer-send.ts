/**
 * A program, the peer: nodemailer's own pooled `sendMail` with its DKIM, each message personalised as Renga's is.
 * `node nodemailer-send.ts PORT CONNECTIONS MESSAGES DOCUMENTS KEY`; prints the seconds from the first `sendMail` to the last acceptance.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { RenderedDigest } from '../../src/domain/digest.ts';
import { SLOTS } from '../../src/domain/message.ts';
import { HEAD, UNSUBSCRIBE_URL } from './documents.ts';

const [port, connections, messages, documents = '', key = ''] = process.argv.slice(2);
const { subject, html, text } = JSON.parse(readFileSync(documents, 'utf8')) as RenderedDigest;
const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Number.POSITIVE_INFINITY,
  dkim: { domainName: 'example.org', keySelector: 'bench', privateKey: readFileSync(key, 'utf8') },
});

const started = process.hrtime.bigint();
let next = 0;
// Twice as many as connections wait, so that none of them ever does.
await Promise.all(Array.from({ length: Number(connections) * 2 }, sendSome));
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
transport.close();
process.stdout.write(JSON.stringify({ seconds }));

async function sendSome(): Promise<void> {
  while (next < Number(messages)) {
    const number = next;
    next += 1;
    await transport.sendMail(composeOne(number));
  }
}

function composeOne(number: number): Parameters<typeof transport.sendMail>[0] {
  const token = randomBytes(24).toString('base64url');
  const from = HEAD.from.address;
  const to = `reader.${number}@d${number % 500}.example`;
  const link = `<${UNSUBSCRIBE_URL}${token}>, <mailto:${from}?subject=unsubscribe%20${token}>`;
  return {
    from: { name: HEAD.from.name, address: from },
    to: { name: `Reader ${number}`, address: to },
    envelope: { from, to },
    subject,
    date: new Date(),
    messageId: `<bench.${number}@example.org>`,
    headers: {
      'List-Id': `"${HEAD.listId.title}" <${HEAD.listId.identifier}>`,
      'List-Unsubscribe': { prepared: true, value: link },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Archive': `<${HEAD.archiveUrl}>`,
      'Auto-Submitted': 'auto-generated',
      Precedence: 'bulk',
      'Feedback-ID': HEAD.feedbackId,
      'Content-Language': HEAD.language,
    },
    textEncoding: 'quoted-printable',
    text: text.replace(SLOTS.token, token),
    html: html.replace(SLOTS.token, token),
  };
}
