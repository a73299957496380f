/** Notices through their real templates: whole in each language, with one link, and nothing of a list in them. */
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { readTexts } from '../../../src/config/read-texts.ts';
import { SLOTS } from '../../../src/domain/message.ts';
import { NOTICE_KINDS } from '../../../src/domain/notice.ts';
import { openDigestRenderer } from '../../../src/render/digest/render-digest.ts';
import { type NoticeInput, renderNotice } from '../../../src/render/notices/render-notice.ts';
import { openWorkshop } from '../../../src/render/workshop.ts';
import { PUBLICATION } from '../../http/example-web.ts';
import { readShippedTemplates } from '../digest/read-shipped-templates.ts';

const templates = readShippedTemplates();
const workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds: 5000 });
const renderer = openDigestRenderer({ templates, workshop });
afterAll(async () => {
  await renderer.close();
  await workshop.close();
});

async function inputOf(kind: NoticeInput['kind'], language: string): Promise<NoticeInput> {
  const { texts } = await readTexts(tmpdir(), language);
  const detail = kind === 'address-change' ? 'new@example.org' : '';
  const publication = { ...PUBLICATION, title: `<Verse> & ${SLOTS.token}`, postalAddress: 'One Lane\nTown' };
  return { kind, publication, texts, linkBase: 'https://mail.example.org/confirm/', detail };
}

describe.each(['en', 'de'])('in %s', (language) => {
  it.each(NOTICE_KINDS)('%s', async (kind) => {
    const input = await inputOf(kind, language);
    const notice = await renderNotice(renderer.press, input);
    for (const part of [notice.html, notice.text]) {
      expect(part.split(input.linkBase + SLOTS.token)).toHaveLength(2);
      expect(part.split(SLOTS.token)).toHaveLength(2);
      expect(part).not.toMatch(/unsubscribe\/|\{[a-z]+\}\W|undefined/);
      expect(part).toContain('Town');
    }
    expect(notice.html).toContain(`lang="${language}"`);
    expect(notice.html).toContain('&lt;Verse&gt; &amp;');
    expect(notice.html).not.toMatch(/<script|<img|fonts\.googleapis/);
    expect(notice.text).toContain(input.texts.say(`notice.${kind}.ignore`).split(' ')[0]);
    expect(notice.text).toContain(input.detail);
  });
});

it('refuses a template that lost its link', async () => {
  const press = async (): Promise<string> => await Promise.resolve('<p>no link</p>');
  await expect(renderNotice(press, await inputOf('goodbye', 'en'))).rejects.toThrow('goodbye.mjml must have');
});
