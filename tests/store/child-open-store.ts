/** Opens a store and says what came of it, as JSON. Arguments: the store, and optionally the user to become first. */
import { OperatorError } from '../../src/domain/operator-error.ts';
import { openStore } from '../../src/store/open-store.ts';
import { at } from './samples.ts';

const [, , location = '', user] = process.argv;
if (user !== undefined) process.setuid?.(Number(user));
try {
  const store = await openStore({ location, now: at('08:00') });
  await store.close();
  process.stdout.write('"opened"');
} catch (error) {
  const known = error instanceof OperatorError;
  process.stdout.write(JSON.stringify({ known, message: String(error), hint: known ? error.hint : null }));
}
