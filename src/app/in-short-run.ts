/** How well code is compiled, while there is little to do. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 compiles a second time, and thoroughly, what was called some thousand times. Who looks once at each of thousands of posts and ends is over before that pays: without it,
 * a publish of one new post among ten thousand takes a fifth less of the processors.
 */
export async function inShortRun<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-opt');
  try {
    return await work();
  } finally {
    setFlagsFromString('--opt');
  }
}
