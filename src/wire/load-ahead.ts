/**
 * What a program that serves will want sooner or later, loaded before anyone can connect: a module that is loaded when it is first wanted keeps every
 * reader waiting meanwhile, 20 ms for what talks to mail servers, 100 for what renders.
 */

/** Of what other verbs load only when there is something to publish, freeze or send. */
export async function loadAhead(): Promise<void> {
  await Promise.all([
    import('./open-renga.ts'),
    import('../app/refresh-templates.ts'),
    import('../app/identity/gather-posts.ts'),
    import('../app/site/publish-site.ts'),
    import('../app/digests/freeze-digest.ts'),
    import('../app/notices/make-notice.ts'),
    import('../app/sharing/share-site.ts'),
    import('../app/websub/make-calls.ts'),
    import('../mail/compile-message.ts'),
    import('../mail/open-sealer.ts'),
    import('../mail/smtp-transport.ts'),
    import('../outside/open-requests.ts'),
    import('../posts/describe-file.ts'),
    import('../posts/find-assets.ts'),
    import('../render/digest/render-digest.ts'),
    import('../render/link-assets.ts'),
  ]);
}
