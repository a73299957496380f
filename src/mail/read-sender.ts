/** Reads the sender back from a compiled message: the envelope of a copy made next year is that of the first, whatever the config says by then. */
import { type Address, parseMailbox } from '../domain/address.ts';

/** Throws for bytes that `compileMessage` did not make. */
export function readSender(mime: Uint8Array): Address {
  const bytes = Buffer.from(mime.buffer, mime.byteOffset, mime.byteLength);
  const head = bytes
    .subarray(0, bytes.indexOf('\r\n\r\n'))
    .toString()
    .replace(/\r\n[ \t]+/g, ' ');
  const from = /^From: (.+)$/m.exec(head)?.[1]?.trim();
  const mailbox = from === undefined ? null : parseMailbox(from);
  if (!mailbox) throw new Error('A compiled message has exactly one sender');
  return mailbox.address;
}
