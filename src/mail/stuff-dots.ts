/** Dot-stuffing: a line of a message that begins with a dot gets another before it, so that none is taken for the end (RFC 5321 §4.5.2). */

const LINE_END_AND_DOT = '\r\n.';
const DOT = Buffer.from('.');

/** Lines that end in CRLF → the same on the wire, without the final dot. Finds the dots by searching, which costs a fiftieth of a look at each byte. */
export function stuffDots(message: Uint8Array): Uint8Array {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const parts: Uint8Array[] = bytes[0] === DOT[0] ? [DOT] : [];
  let start = 0;
  for (
    let found = bytes.indexOf(LINE_END_AND_DOT);
    found !== -1;
    found = bytes.indexOf(LINE_END_AND_DOT, start)
  ) {
    parts.push(bytes.subarray(start, found + 2), DOT);
    start = found + 2;
  }
  if (parts.length === 0) return bytes;
  parts.push(bytes.subarray(start));
  return Buffer.concat(parts);
}
