/** The door of node-cron: it wakes us each minute and knows nothing else. What is due is in the database (`keep-slots.ts`). */
import { schedule } from 'node-cron';

/** Calls back once a minute until stopped. */
export type WakeEveryMinute = (wake: () => void) => { stop(): void };

export const wakeEveryMinute: WakeEveryMinute = (wake) => {
  const task = schedule('* * * * *', wake, { name: 'renga wakes' });
  return { stop: () => void task.stop() };
};
