/** nodemailer's own pooled `sendMail` with its DKIM, in a process of its own, into the same kind of sink. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Load } from './measure-limit.ts';
import { withSink } from './open-sink.ts';
import { runProgram } from './programs.ts';

const PROGRAM = fileURLToPath(new URL('nodemailer-send.ts', import.meta.url));

export type Peer = { readonly perSecond: number; readonly cpuMilliseconds: number | null };

/** `folder` has the documents. The start of the process is not counted, which is to the peer's advantage. */
export async function measurePeer(load: Load, folder: string, key: string, messages: number): Promise<Peer> {
  const documents = join(folder, 'documents.json');
  const options = { kind: load.sink, folder: load.work, flags: load.flags ?? [] };
  const { result: run } = await withSink(options, async (sink) => {
    const args = [sink.port, load.connections, messages].map(String);
    const finished = await runProgram(process.execPath, [PROGRAM, ...args, documents, key]);
    const taken = sink.count();
    if (taken !== messages) throw new Error(`nodemailer sent ${messages}, the sink took ${taken}`);
    return finished;
  });
  const { seconds } = JSON.parse(run.stdout) as { readonly seconds: number };
  return {
    perSecond: messages / seconds,
    cpuMilliseconds: run.cpuSeconds === null ? null : (run.cpuSeconds * 1000) / messages,
  };
}
