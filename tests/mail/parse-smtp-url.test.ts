import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { isLoopbackAddress, parseSmtpUrl } from '../../src/mail/parse-smtp-url.ts';

describe('parseSmtpUrl', () => {
  it.each([
    [
      'smtp://mail.example.org',
      { host: 'mail.example.org', port: 587, isImplicitTls: false, isLoopback: false, login: null },
    ],
    [
      'smtps://ann%40example.org:p%3Aw%2F@mail.example.org',
      {
        host: 'mail.example.org',
        port: 465,
        isImplicitTls: true,
        isLoopback: false,
        login: { user: 'ann@example.org', password: 'p:w/' },
      },
    ],
    ['smtp://[::1]:2525/', { host: '::1', port: 2525, isImplicitTls: false, isLoopback: true, login: null }],
    [
      'smtp://localhost:25',
      { host: 'localhost', port: 25, isImplicitTls: false, isLoopback: true, login: null },
    ],
    [
      'smtp://bücher.example',
      { host: 'xn--bcher-kva.example', port: 587, isImplicitTls: false, isLoopback: false, login: null },
    ],
  ])('reads %s', (url, server) => {
    expect(parseSmtpUrl(url)).toEqual(server);
  });

  it.each([
    '',
    'mail.example.org:587',
    'http://mail.example.org',
    'smtp://',
    'smtp://ann:secret@',
    'smtp://ann@mail.example.org',
    'smtp://ann:secret@mail.example.org?insecure',
    'smtp://ann:secret@mail.example.org/path',
    'smtp://ann:secret@mail.example.org#x',
    'smtp://ann:secret%@mail.example.org',
    'smtp://ann:secret@mail.example.org:99999',
  ])('refuses %j without repeating the password', (url) => {
    expect(() => parseSmtpUrl(url)).toThrow(OperatorError);
    expect(() => parseSmtpUrl(url)).not.toThrow(/secret/);
  });

  it('knows loopback from what only looks like it', () => {
    expect(['127.0.0.1', '127.9.8.7', '::1', '::ffff:127.0.0.1'].map(isLoopbackAddress)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['127.0.0.1.evil.example', '0.0.0.0', '::2', '10.127.0.0.1', ''].map(isLoopbackAddress)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });
});
