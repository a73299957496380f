/** The field `DKIM-Signature` of one key (RFC 6376 §3.5). The same bytes for the same message: it has no time in it (`t=`, `x=`), and no `l=`. */
import { canonicaliseField } from './canonical-form.ts';
import { SIGNED_FIELDS } from './sign-head.ts';
import type { SigningKey } from './signing-key.ts';

const LINE_WIDTH = 76;

export type SignatureField = {
  /** What is signed after the header's fields: the field itself in canonical form with an empty `b=`, without a line end (RFC 6376 §3.7). */
  readonly signedForm: (bodyHash: string) => string;
  /** The whole field with its CRLF; lines of at most 76 characters but for a domain or selector that is longer itself. Both values are base64. */
  readonly render: (bodyHash: string, signature: string) => string;
};

export function prepareSignatureField({ algorithm, domain, selector }: SigningKey): SignatureField {
  const start = [
    `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed;`,
    ` d=${domain};`,
    ` s=${selector};`,
    ...foldList(),
    ' bh=',
  ].join('\r\n');
  const signedStart = canonicaliseField(start).slice(0, -'\r\n'.length);
  return {
    signedForm: (bodyHash) => `${signedStart}${bodyHash}; b=`,
    render: (bodyHash, signature) => `${start}${bodyHash};\r\n b=${foldBase64(signature)}\r\n`,
  };
}

/** RFC 6376 §3.5 `h=`: white space may stand beside a colon. */
function foldList(): readonly string[] {
  const lines: string[] = [];
  let line = ' h=';
  for (const [index, name] of SIGNED_FIELDS.entries()) {
    const item = `${name}${index === SIGNED_FIELDS.length - 1 ? ';' : ':'}`;
    if (line.length + item.length > LINE_WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += item;
  }
  return [...lines, line];
}

/** RFC 6376 §3.5 `b=`: white space in it is ignored. */
function foldBase64(text: string): string {
  let folded = text.slice(0, 72);
  for (let at = 72; at < text.length; at += 72) folded += `\r\n ${text.slice(at, at + 72)}`;
  return folded;
}
