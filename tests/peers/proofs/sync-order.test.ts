/** No final dot leaves before its mark is on the disk: seen in the system calls of the real program, by strace. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countStates, judge } from '../../proofs/campaign.ts';
import { prepareGround } from '../../proofs/proof-ground.ts';
import { runRenga } from '../../proofs/run-renga.ts';
import { findDots, isMarkedOnDisk, readTrace } from './read-trace.ts';

const SUBSCRIBERS = 30;
const ground = prepareGround(SUBSCRIBERS);
const CALLS = 'fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg';

describe.each([1, 4])('with %i connections', (connections) => {
  it('syncs the mark between the last byte of a body and its dot', async () => {
    const campaign = await ground.open({ connections });
    const file = join(campaign.publication.root, 'trace');
    const under = ['strace', '-f', '-yy', '-s', '1000000', '-e', `trace=${CALLS}`, '-o', file];
    const { code, error } = await runRenga(campaign.publication.root, ['deliver'], { hours: 1, under });
    expect({ code, error }).toMatchObject({ code: 0 });
    const calls = readTrace(await readFile(file, 'latin1'));
    const dots = findDots(calls);
    expect(dots).toHaveLength(SUBSCRIBERS);
    expect(dots.filter((dot) => !isMarkedOnDisk(dot, calls))).toEqual([]);
    const { wrong, deliveries } = await judge(campaign);
    expect({ wrong, states: countStates(deliveries) }).toEqual({
      wrong: [],
      states: { accepted: SUBSCRIBERS },
    });
  });
});
