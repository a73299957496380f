/** Renga's own templates, and a publication's in their place. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTemplates } from '../../src/config/read-templates.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-templates-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function writeTemplate(name: string, text: string | Uint8Array): Promise<void> {
  await mkdir(join(root, 'templates'), { recursive: true });
  await writeFile(join(root, 'templates', name), text);
}

describe('readTemplates', () => {
  it("gives Renga's own to a publication without any", async () => {
    const digest = (await readTemplates({ root })).get('digest.mjml');
    expect(digest?.text).toContain('<mjml');
    expect(digest?.path).toMatch(/templates[/\\]digest\.mjml$/);
  });

  it('replaces them file by file', async () => {
    const before = await readTemplates({ root });
    await writeTemplate('digest.mjml', '\uFEFFmine');
    const after = await readTemplates({ root });
    expect(after.get('digest.mjml')).toEqual({ text: 'mine', path: 'templates/digest.mjml' });
    expect([...after.keys()]).toEqual([...before.keys()]);
    const others = (templates: typeof before) => [...templates].filter(([name]) => name !== 'digest.mjml');
    expect(others(after)).toEqual(others(before));
  });

  it('adds what only the publication has, and passes over what editors leave and what is no file', async () => {
    await writeTemplate('byline.liquid', 'b');
    await writeTemplate('digest.mjml~', 'old');
    await writeTemplate('.digest.mjml.swp', 'older');
    await mkdir(join(root, 'templates', 'page.liquid'));
    const names = [...(await readTemplates({ root })).keys()];
    expect(names).toContain('byline.liquid');
    expect(names.filter((name) => /[~]$|^\./.test(name) || name === 'page.liquid')).toEqual([]);
  });

  it.each(['page-feeds.liquid', 'digest.mjml'])(
    'takes an empty %s for one that is being written',
    async (name) => {
      await writeTemplate(name, ' \n');
      await expect(readTemplates({ root })).rejects.toThrow(`templates/${name} is empty`);
    },
  );

  it.each(['style.css', 'feeds.js', 'byline.liquid'])('lets %s be empty', async (name) => {
    await writeTemplate(name, '');
    expect((await readTemplates({ root })).get(name)?.text).toBe('');
  });

  it('names a template that cannot be read', async () => {
    await writeTemplate('digest.mjml', Buffer.from([0x63, 0xff, 0xfe]));
    await expect(readTemplates({ root })).rejects.toThrow(
      'templates/digest.mjml cannot be read: it is not text in UTF-8',
    );
    await rm(join(root, 'templates/digest.mjml'));
    await symlink('nowhere', join(root, 'templates/digest.mjml'));
    const error: unknown = await readTemplates({ root }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperatorError);
    expect(String(error)).toContain('templates/digest.mjml');
  });

  it('takes a file named templates for what it is', async () => {
    await writeFile(join(root, 'templates'), '');
    await expect(readTemplates({ root })).rejects.toBeInstanceOf(OperatorError);
  });
});
