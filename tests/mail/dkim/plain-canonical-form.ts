/** RFC 6376 read literally: the relaxed form of a whole message, line by line, with no care for speed. What the quick way is held against. */
import { createHash } from 'node:crypto';

/** RFC 6376 §3.4.4, on a body of any bytes. */
export function plainBody(body: Buffer): Buffer {
  const lines = body.toString('latin1').split('\r\n');
  const last = lines.at(-1) ?? '';
  const tidy = lines.map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  if (last === '') tidy.pop();
  while (tidy.at(-1) === '') tidy.pop();
  return Buffer.from(tidy.map((line) => `${line}\r\n`).join(''), 'latin1');
}

export function plainBodyHash(message: Buffer): string {
  const body = message.subarray(message.indexOf('\r\n\r\n') + 4);
  return createHash('sha256').update(plainBody(body)).digest('base64');
}

/** RFC 6376 §3.4.2, on the named fields in the order of the names. */
export function plainHead(message: Buffer, names: readonly string[]): Buffer {
  const head = message.subarray(0, message.indexOf('\r\n\r\n')).toString('latin1');
  const fields = head.split(/\r\n(?=[^ \t])/).map((field) => {
    const [, name = '', value = ''] = /^([^:]*):([^]*)$/.exec(field) ?? [];
    const unfolded = value.split('\r\n').join('');
    const words = unfolded.split(/[ \t]+/).filter((word) => word !== '');
    return [name.toLowerCase().replace(/[ \t]+$/, ''), words.join(' ')] as const;
  });
  const found = names.flatMap((name) => fields.filter(([own]) => own === name));
  return Buffer.from(found.map(([name, value]) => `${name}:${value}\r\n`).join(''), 'latin1');
}

export function plainHeadHash(message: Buffer, names: readonly string[]): string {
  return createHash('sha256').update(plainHead(message, names)).digest('base64');
}
