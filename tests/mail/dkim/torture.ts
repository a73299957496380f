/** Signed copies of a digest that has everything a signature could break on. Shared with the tests against verifiers of others. */
import { SLOTS, type MessageHead, type Personal } from '../../../src/domain/message.ts';
import { compileMessage } from '../../../src/mail/compile-message.ts';
import { openSigner } from '../../../src/mail/dkim/open-signer.ts';
import type { SigningKey } from '../../../src/mail/dkim/signing-key.ts';
import { personalise, prepareMime, renderValues } from '../../../src/mail/personalise.ts';
import { address, DIGEST, HEAD, PERSONAL, UNSUBSCRIBE } from '../sample-message.ts';

export type Sample = { readonly head: MessageHead; readonly personal: Personal };

const LONG_TITLE =
  'A publication whose title goes on, and on, "quoted" and (commented), to the end of the line';

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'as most are': { head: HEAD, personal: PERSONAL },
  'with a title beyond ASCII': {
    head: { ...HEAD, subject: 'Größe, 詩 🍵 and a subject that has to be folded over several lines' },
    personal: PERSONAL,
  },
  'with a long List-Id': {
    head: { ...HEAD, listId: { title: LONG_TITLE, identifier: `${'weekly-'.repeat(8)}news.example.org` } },
    personal: PERSONAL,
  },
  'from an IDN': {
    head: { ...HEAD, from: { name: 'Käthe, «詩»', address: address('digest@bücher.example') } },
    personal: { ...PERSONAL, messageId: 'renga.7.0123@xn--bcher-kva.example' },
  },
  'to a folded name': {
    head: HEAD,
    personal: { ...PERSONAL, name: 'Ünd noch ein Name, der sich über mehrere Zeilen hinzieht, »so«' },
  },
  'to a name of plain words': {
    head: HEAD,
    personal: { ...PERSONAL, name: 'Ann Elisabeth Maria Theresa of the Long and Winding Road by the Sea' },
  },
};

/** Lines that end in white space, runs of it, and empty lines at the end. */
export const TORTURE_DIGEST = {
  html: `${DIGEST.html}<pre>a  b\t\tc   \n\t\n</pre>  \n\n\n`,
  text: `${DIGEST.text}\ntrailing   \t\n\t tabs\t\n-- \n${UNSUBSCRIBE}${SLOTS.token}\n\n \n\n`,
};

export async function signSample({ head, personal }: Sample, keys: readonly SigningKey[]): Promise<Buffer> {
  const mime = await compileMessage(head, TORTURE_DIGEST);
  const { fields } = openSigner(prepareMime(mime), keys).sign(renderValues(personal));
  return Buffer.concat([Buffer.from(fields, 'latin1'), personalise(mime, personal)]);
}
