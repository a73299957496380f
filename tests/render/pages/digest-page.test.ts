/** A mail becomes a page that anybody may see. */
import { describe, expect, it } from 'vitest';
import { SLOTS } from '../../../src/domain/message.ts';
import { renderDigestPage } from '../../../src/render/pages/digest-page.ts';

const PAGE = {
  publication: { title: 'Notes & <more>', url: 'https://notes.example/' },
  url: 'https://notes.example/digests/7/',
  archiveUrl: 'https://notes.example/digests/',
  subscribeUrl: 'https://mail.notes.example/subscribe',
};
const render = (html: string): string => renderDigestPage({ ...PAGE, html });

describe('renderDigestPage', () => {
  it('turns the way out into the way in', () => {
    const html = `<html><head></head><body class="b"><p><a style="x" href="https://mail.notes.example/unsubscribe/${SLOTS.token}" target="_blank">Unsubscribe <b>now</b></a></p></body></html>`;
    expect(render(html)).toContain(
      '<p><a style="x" href="https://mail.notes.example/subscribe" target="_blank">Subscribe</a></p>',
    );
  });

  it('stands under its own address and leads to the others', () => {
    const page = render('<html><head><title>x</title></head><body class="b"><p>y</p></body></html>');
    expect(page).toMatch(/<link rel="canonical" href="https:\/\/notes\.example\/digests\/7\/">[^]*<\/head>/u);
    expect(page).toMatch(
      /<body class="b">\s*<nav class="renga-top"><a href="https:\/\/notes\.example\/">Notes &amp; &lt;more&gt;<\/a><a href="https:\/\/notes\.example\/digests\/">/u,
    );
  });

  it('holds nothing of a subscriber, wherever a template has put it', () => {
    const odd = [
      `<a href='/u/${SLOTS.token}'>out</a>`,
      `<form action="/u/${SLOTS.token}"></form>`,
      `<p>${SLOTS.token}</p>`,
    ];
    for (const html of odd) expect(render(html)).not.toContain(SLOTS.token);
  });
});
