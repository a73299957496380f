/** How OpenSSL, which reads its environment once and at its start, is told to sign faster than it would by itself. */

/**
 * OpenSSL has two ways to sign with RSA on processors of AMD and Intel, and takes the one with ADX instructions wherever there are some. On many
 * (AMD's up to Zen 3) the other, with AVX2, takes a third less time: this hides ADX (leaf 7, EBX, bit 19: OPENSSL_ia32cap(3)). Null where there is
 * nothing to hide, and where somebody has set the variable, who knows better.
 */
export function composeSwiftEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | null {
  if (process.arch !== 'x64' || environment['OPENSSL_ia32cap'] !== undefined) return null;
  const cache = environment['NODE_COMPILE_CACHE'];
  return { OPENSSL_ia32cap: ':~0x80000', ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) };
}
