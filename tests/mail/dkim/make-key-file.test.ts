import { mkdtemp, readdir, readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/domain/operator-error.ts';
import { type KeyRequest, makeKeyFile } from '../../../src/mail/dkim/make-key-file.ts';
import { readSigningKeys } from '../../../src/mail/dkim/read-signing-keys.ts';
import { HEAD } from '../sample-message.ts';

let root = '';
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'renga-keys-'))));
afterEach(async () => await rm(root, { recursive: true, force: true }));

const request = (changes: Partial<KeyRequest> = {}): KeyRequest => ({
  root,
  domain: 'example.org',
  selector: 'renga-2026-11',
  algorithm: 'rsa-sha256',
  bits: 2048,
  ...changes,
});

describe('a new key', () => {
  it('is the one that the config then names, RSA first', async () => {
    const rsa = await makeKeyFile(request());
    const second = await makeKeyFile(request({ selector: 'Second', algorithm: 'ed25519-sha256' }));
    expect([rsa.file, second.file]).toEqual(['config/dkim/renga-2026-11.pem', 'config/dkim/second.pem']);
    const keys = await readSigningKeys(
      {
        domain: 'example.org',
        selector: 'renga-2026-11',
        key: join(root, rsa.file),
        ed25519: { selector: 'second', key: join(root, second.file) },
      },
      HEAD.from,
    );
    expect(keys.map(({ algorithm }) => algorithm)).toEqual(['rsa-sha256', 'ed25519-sha256']);
    expect(keys[0]?.key.equals(rsa.key.key)).toBe(true);
    expect(keys[1]?.key.equals(second.key.key)).toBe(true);
    expect(rsa.key.key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it('can be read by its owner alone', async () => {
    const { file } = await makeKeyFile(request());
    const { mode } = await stat(join(root, file));
    // Windows has no such bits: it shows what it shows for any file.
    expect(mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  });

  it('is not taken into a repository, and leaves a .gitignore that is there alone', async () => {
    await makeKeyFile(request());
    expect(await readFile(join(root, 'config/dkim/.gitignore'), 'utf8')).toBe('*.pem\n');
    await writeFile(join(root, 'config/dkim/.gitignore'), 'mine');
    await makeKeyFile(request({ selector: 'other' }));
    expect(await readFile(join(root, 'config/dkim/.gitignore'), 'utf8')).toBe('mine');
  });

  it('never takes the place of another', async () => {
    const { file } = await makeKeyFile(request());
    const before = await readFile(join(root, file), 'utf8');
    await expect(makeKeyFile(request())).rejects.toThrow(OperatorError);
    await expect(makeKeyFile(request())).rejects.toThrow(/already; it was left as it is/);
    expect(await readFile(join(root, file), 'utf8')).toBe(before);
  });

  it('leaves no file behind when it cannot be made', async () => {
    await expect(makeKeyFile(request({ bits: 1 }))).rejects.not.toBeInstanceOf(OperatorError);
    await expect(makeKeyFile(request({ selector: '../../evil' }))).rejects.toThrow(/selector/);
    expect((await readdir(root, { recursive: true })).filter((name) => name.endsWith('.pem'))).toEqual([]);
  });

  it('says where it could not be written', async () => {
    await mkdir(join(root, 'config'));
    await writeFile(join(root, 'config/dkim'), 'a file');
    await expect(makeKeyFile(request())).rejects.toThrow(
      /config\/dkim\/renga-2026-11\.pem cannot be written/,
    );
  });
});

describe('the keys of the config', () => {
  const files = (key: string) => ({ domain: 'example.org', selector: 'a', key, ed25519: null });

  it('are none without a setting', async () => {
    expect(await readSigningKeys(null, HEAD.from)).toEqual([]);
  });

  it('must be files that can be read', async () => {
    await expect(readSigningKeys(files(join(root, 'none.pem')), HEAD.from)).rejects.toThrow(
      /There is no DKIM key .*none\.pem/,
    );
    await expect(readSigningKeys(files(root), HEAD.from)).rejects.toThrow(/cannot be read \(EISDIR\)/);
    await expect(readSigningKeys(files(root), HEAD.from)).rejects.toBeInstanceOf(OperatorError);
  });

  it('need a selector each', async () => {
    const rsa = join(root, (await makeKeyFile(request())).file);
    const second = await makeKeyFile(request({ selector: 'b', algorithm: 'ed25519-sha256' }));
    const ed25519 = { selector: 'A', key: join(root, second.file) };
    await expect(readSigningKeys({ ...files(rsa), ed25519 }, HEAD.from)).rejects.toThrow(/Both DKIM keys/);
  });
});
