/** Makes the message of a notice: its documents rendered and compiled once for all of its kind, its link and header its own, signed as digests are. */
import { domainOf } from '../../domain/address.ts';
import { renderLinkToken } from '../../domain/link-token.ts';
import type { LinkKey } from '../../domain/link-token.ts';
import type { Message } from '../../domain/message.ts';
import type { NoticeClaim, NoticeKind } from '../../domain/notice.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { renderPurposeToken, type TokenPurpose } from '../../domain/purpose-token.ts';
import { compileNotice } from '../../mail/compile-message.ts';
import type { Sealer } from '../../mail/open-sealer.ts';
import { composeNoticeId, renderSlots } from '../../mail/personalise.ts';
import { noticeTemplate, renderNotice } from '../../render/notices/render-notice.ts';
import type { Template } from '../../render/templates.ts';
import type { Renga } from '../renga.ts';

/** `unmade`: no message could be made of it, for its template is broken, say; `isNews` until it was told, and again once one of its kind was made. */
export type MadeNotice =
  | { readonly kind: 'made'; readonly message: Message }
  | { readonly kind: 'unmade'; readonly error: unknown; readonly isNews: boolean };

/** Rejects only where the store fails: that is about all notices. */
export type NoticeMaker = (claim: NoticeClaim, sealer: Sealer) => Promise<MadeNotice>;

type Parts = Pick<Renga, 'publication' | 'texts' | 'templates' | 'pressMail' | 'store'>;

/** Where each kind's link leads, below the server's URL, and what its token is for; `subscriber`: the token of every digest. */
const LINKS = {
  confirmation: { path: 'confirm/', purpose: 'confirm' },
  'already-subscribed': { path: 'preferences/', purpose: 'subscriber' },
  goodbye: { path: 'undo/', purpose: 'undo' },
  'address-change': { path: 'move/', purpose: 'move' },
  'own-data': { path: 'own-data/', purpose: 'own-data' },
} as const satisfies Readonly<
  Record<NoticeKind, { readonly path: string; readonly purpose: TokenPurpose | 'subscriber' }>
>;

type Compiled = {
  readonly template: Template | undefined;
  readonly words: string;
  readonly mime: Promise<Uint8Array>;
};

/** Keeps what it compiled, or why it cannot be, until its template or its texts change. */
export function openNoticeMaker(renga: Parts): NoticeMaker {
  const compiled = new Map<NoticeKind, Compiled>();
  const compile = async (claim: NoticeClaim): Promise<Uint8Array> => {
    // Only this one has it.
    if (claim.detail !== '') return await compileOne(renga, claim);
    const template = renga.templates.get(noticeTemplate(claim.kind));
    const words = wordsOf(renga, claim.kind);
    const known = compiled.get(claim.kind);
    if (known && known.template === template && known.words === words) return await known.mime;
    const mime = compileOne(renga, claim);
    const made = { template, words, mime };
    compiled.set(claim.kind, made);
    mime.catch((error: unknown) => {
      // Not the template's fault: it may work the next time.
      if (!(error instanceof OperatorError) && compiled.get(claim.kind) === made) compiled.delete(claim.kind);
    });
    return await mime;
  };
  const make = async (claim: NoticeClaim, sealer: Sealer, keys: readonly LinkKey[]): Promise<Message> => {
    const mime = await compile(claim);
    const { address } = renga.publication.from;
    const slots = renderSlots({
      address: claim.address,
      // Whoever filled in the form may have typed anything as a name.
      name: '',
      token: renderToken(claim, keys),
      messageId: composeNoticeId({
        instanceId: renga.store.instanceId,
        notice: claim.id,
        domain: domainOf(address),
      }),
      date: claim.madeAt,
    });
    const name = claim.detail === '' ? claim.kind : `${claim.kind} ${claim.id}`;
    const made = await sealer.seal({ name, mime }, slots, 'first');
    if (made.kind === 'differs') throw new Error('a first copy has nothing to differ from');
    return { envelope: { from: address, to: claim.address }, parts: made.parts };
  };
  const told = new Map<NoticeKind, string>();
  return async (claim, sealer) => {
    const keys = await renga.store.linkKeys();
    try {
      const message = await make(claim, sealer, keys);
      told.delete(claim.kind);
      return { kind: 'made', message };
    } catch (error) {
      const isNews = told.get(claim.kind) !== String(error);
      told.set(claim.kind, String(error));
      return { kind: 'unmade', error, isNews };
    }
  };
}

function wordsOf({ publication, texts }: Parts, kind: NoticeKind): string {
  const values = { publication: publication.title, address: '' };
  const words = [
    texts.say(`notice.${kind}.subject`, values),
    texts.say(`notice.${kind}.text`, values),
    texts.say(`notice.${kind}.button`),
    texts.say(`notice.${kind}.ignore`),
  ];
  return JSON.stringify([texts.language, words]);
}

async function compileOne(renga: Parts, { kind, detail }: NoticeClaim): Promise<Uint8Array> {
  const { publication, texts, pressMail } = renga;
  const linkBase = `${publication.serverUrl}${LINKS[kind].path}`;
  const documents = await renderNotice(pressMail, { kind, publication, texts, linkBase, detail });
  const { from, replyTo } = publication;
  const { subject } = documents;
  const { language } = texts;
  const boundarySeed = `notice ${kind}`;
  return await compileNotice({ from, replyTo, subject, linkBase, language, boundarySeed }, documents);
}

function renderToken(
  { kind, subscriber, subject, madeAt, linkKey }: NoticeClaim,
  keys: readonly LinkKey[],
): string {
  const key = keys.find(({ id }) => id === linkKey);
  if (!key) throw new Error('The store lacks a link key it has signed with');
  const { purpose } = LINKS[kind];
  if (purpose === 'subscriber') return renderLinkToken(subscriber, key);
  return renderPurposeToken(purpose, { subject, at: madeAt }, key);
}
