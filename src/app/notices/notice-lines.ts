/** The connections that notices go over: one of those that each account may have, opened when the first has its turn there, before a digest gets it. */
import type { Connection, Transport } from '../../domain/transport.ts';
import { pauseAccount } from '../delivery/pause-delivery.ts';
import type { Renga } from '../renga.ts';

type Parts = Pick<Renga, 'store' | 'clock' | 'report' | 'openTransport'>;

export type NoticeLines = {
  /** Null when its server is away or does not let us in: then the account is paused. */
  readonly connect: (account: string) => Promise<Connection | null>;
  readonly close: () => Promise<void>;
};

export function openNoticeLines(renga: Parts): NoticeLines {
  const transports = new Map<string, Transport>();
  const connections = new Map<string, Connection>();
  const closeLine = async (account: string): Promise<void> => {
    const connection = connections.get(account);
    connections.delete(account);
    await connection?.close();
  };
  return {
    connect: async (account) => {
      const open = connections.get(account);
      if (open?.usable) return open;
      await closeLine(account);
      const transport = transports.get(account) ?? (await renga.openTransport(account, 'notice'));
      transports.set(account, transport);
      const result = await transport.connect();
      if (result.kind === 'connected') {
        connections.set(account, result.connection);
        return result.connection;
      }
      if (result.kind === 'unreachable') {
        await pauseAccount(renga, account, 'smtp-unreachable', result.reply);
      } else {
        await pauseAccount(renga, account, 'smtp-refused', result.reply, result.hint);
      }
      return null;
    },
    close: async () => {
      for (const account of connections.keys()) await closeLine(account);
      for (const transport of transports.values()) await transport.close();
    },
  };
}
