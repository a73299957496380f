/** Volumes that are learnt are the list that the plan made, so that whoever sorted posts into it goes on from there. */
import { expect, it } from 'vitest';
import { FeedMemory } from '../../../src/app/feeds/feed-memory.ts';
import { succeed, successionOf } from '../../../src/domain/succession.ts';
import type { Volume } from '../../../src/domain/volume.ts';

const volume = (number: number): Volume => ({ number, name: `2025-${number}`, posts: [`p${number}`] });

it('keeps the list it is given, and what that came of', () => {
  const memory = new FeedMemory();
  const first = [volume(1), volume(2)];
  memory.learn(first);
  const more = succeed(first, [...first, volume(3)]);
  memory.learn(more);
  expect(memory.known).toBe(more);
  expect(successionOf(memory.known)?.before).toBe(first);
  memory.learn([volume(1), volume(2), volume(3)]);
  expect(memory.known).toBe(more);
});
