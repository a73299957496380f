/** What a sealing process is told, and when there is nothing to tell. */
import { describe, expect, it } from 'vitest';
import { composeSwiftEnvironment } from '../../src/wire/swift-environment.ts';

const isX64 = process.arch === 'x64';

describe('composeSwiftEnvironment', () => {
  it('takes nothing along but where compiled code is kept', () => {
    const swift = composeSwiftEnvironment({ HOME: '/root', SMTP_PASSWORD: 'x', NODE_COMPILE_CACHE: '/c' });
    expect(swift).toEqual(isX64 ? { OPENSSL_ia32cap: ':~0x80000', NODE_COMPILE_CACHE: '/c' } : null);
    expect(composeSwiftEnvironment({})).toEqual(isX64 ? { OPENSSL_ia32cap: ':~0x80000' } : null);
  });

  it('leaves alone who has set the variable', () => {
    expect(composeSwiftEnvironment({ OPENSSL_ia32cap: '' })).toBeNull();
  });
});
