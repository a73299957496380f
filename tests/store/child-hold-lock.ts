/** Holds a lock until it is killed. Arguments: the lock's file. Says `held` when it has it, `refused` when it cannot. */
import { openLock } from '../../src/store/open-lock.ts';

const say = (word: string) => process.stdout.write(`${word}\n`);

await openLock(process.argv[2] ?? '')
  .hold(0, async () => {
    say('held');
    await new Promise(() => {
      setInterval(() => {}, 1000);
    });
  })
  .catch(() => say('refused'));
