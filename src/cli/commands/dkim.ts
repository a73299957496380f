/** `renga dkim new` and `renga dkim show`: what must go into DNS and into the config, to be copied from the screen. */
import { OperatorError } from '../../domain/operator-error.ts';
import { composeKeyRecord } from '../../mail/dkim/key-record.ts';
import type { MadeKey } from '../../mail/dkim/make-key-file.ts';
import type { SigningKey } from '../../mail/dkim/signing-key.ts';
import { type Context, withRenga } from '../context.ts';
import { writeLine } from '../terminal.ts';

type NewFlags = { readonly selector?: string; readonly ed25519?: true; readonly bits: number };

export async function runDkimNew(context: Context, { selector, ed25519, bits }: NewFlags): Promise<void> {
  const made = await context.wiring.makeSigningKey(context.root, {
    selector: selector ?? null,
    algorithm: ed25519 ? 'ed25519-sha256' : 'rsa-sha256',
    bits,
  });
  writeLine(
    context.terminal,
    [
      `The key is in ${made.file}: keep it to yourself, and keep a copy.`,
      '',
      '1. Put this record into DNS:',
      '',
      ...renderRecord(made.key),
      '',
      '2. Once it is there, put these lines into config/renga.yaml, and ask `renga check`:',
      '',
      ...renderSetting(made),
    ].join('\n'),
  );
}

export async function runDkimShow(context: Context): Promise<void> {
  const keys = await withRenga(context, async ({ renga }) => await Promise.resolve(renga.signingKeys));
  if (keys.length === 0) {
    throw new OperatorError(
      'The config names no DKIM key, so Renga signs nothing.',
      'Make one with `renga dkim new`.',
    );
  }
  writeLine(context.terminal, keys.map((key) => renderRecord(key).join('\n')).join('\n\n'));
}

/** The strings as zone files have them; a form on the web wants them without quotes, one after the other. */
function renderRecord(key: SigningKey): readonly string[] {
  const { name, strings } = composeKeyRecord(key);
  return [
    `  Name   ${name}`,
    '  Type   TXT',
    ...strings.map((string, index) => `${index === 0 ? '  Value  ' : '         '}"${string}"`),
  ];
}

function renderSetting({ key: { algorithm, selector }, file }: MadeKey): readonly string[] {
  const lines = [`  selector: ${selector}`, `  key: ${file}`];
  return algorithm === 'rsa-sha256'
    ? ['dkim:', ...lines]
    : [
        'dkim:',
        '  # … beside selector and key of the RSA key:',
        '  ed25519:',
        ...lines.map((line) => `  ${line}`),
      ];
}
