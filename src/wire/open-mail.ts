/** Wires what signs mail, and the way to the mail server or the embedded inbox. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Renga } from '../app/renga.ts';
import type { Config } from '../config/config.ts';
import type { Account } from '../domain/account.ts';
import type { Transport } from '../domain/transport.ts';
import { openTxtResolver } from '../mail/dkim/look-up-record.ts';
import { type ConnectionGate, openConnectionGate } from '../mail/share-connections.ts';
import { readSigningKeys } from '../mail/dkim/read-signing-keys.ts';

/** It stands on this machine, so there is nothing to spare. */
const INBOX: Account = {
  name: 'inbox',
  weight: 1,
  connections: 2,
  interval: 0,
  domains: {},
  warmUp: [],
};

/** Throws OperatorError for a signing key that cannot be used. */
export async function openMail(
  root: string,
  config: Config,
): Promise<Pick<Renga, 'accounts' | 'signingKeys' | 'resolveTxt' | 'openSealer' | 'openTransport'>> {
  const signingKeys = await readSigningKeys(config.dkim, config.publication.from);
  return {
    accounts: config.smtp.kind === 'inbox' ? [INBOX] : config.smtp.accounts,
    signingKeys,
    resolveTxt: openTxtResolver(),
    openSealer: async () => await openSealerLater(signingKeys),
    openTransport: openTransports(root, config),
  };
}

/** A young generation of V8 that is let grow takes 48 MB, to save nothing: what a message leaves behind is short-lived. */
const YOUNG_SPACE = ['--max-semi-space-size=4', '--semi-space-growth-factor=1'];

async function openSealerLater(keys: Renga['signingKeys']): ReturnType<Renga['openSealer']> {
  for (const flag of YOUNG_SPACE) setFlagsFromString(flag);
  const { openSealer } = await import('../mail/open-sealer.ts');
  // One core is for the sockets, the store and whoever takes the mail.
  return openSealer({ keys, threads: Math.max(1, availableParallelism() - 1) });
}

/** All of this program count together against the connections that an account may have. */
function openTransports(root: string, config: Config): Renga['openTransport'] {
  const gates = new Map<string, ConnectionGate>();
  return async (account, use = 'digest') => {
    const transport = await openTransport(root, config, account);
    const name = account ?? '';
    const gate = gates.get(name) ?? openConnectionGate(transport.connections);
    gates.set(name, gate);
    return gate.limit(transport, use);
  };
}

/** Of the account of that name; of the first, where none is named. */
async function openTransport(root: string, { smtp }: Config, name?: string): Promise<Transport> {
  // Loaded when there is something to send: most runs have nothing.
  if (smtp.kind === 'accounts') {
    const account = smtp.accounts.find((one) => one.name === name) ?? smtp.accounts[0];
    if (account) return (await import('../mail/smtp-transport.ts')).createSmtpTransport(account);
  }
  const { createInboxTransport } = await import('../mail/inbox-transport.ts');
  return await createInboxTransport({ folder: join(root, 'var', 'inbox'), connections: INBOX.connections });
}
