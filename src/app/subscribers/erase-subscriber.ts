/** Erases a person for good. What is left: a salted hash that keeps their address out, and deliveries of nobody. */
import type { Address } from '../../domain/address.ts';
import type { Renga } from '../renga.ts';

type Eraser = Pick<Renga, 'store' | 'clock'>;

/** By the subscriber, for whom a personal link was opened. False when they were erased before. */
export async function eraseSubscriber({ store, clock }: Eraser, id: number): Promise<boolean> {
  const subscriber = await store.subscribers.byId(id);
  return subscriber !== null && (await store.subscribers.erase(subscriber.address, 'own data page', clock()));
}

/** By the address, also one that never subscribed. False when it was erased before. */
export async function eraseAddress({ store, clock }: Eraser, address: Address): Promise<boolean> {
  return await store.subscribers.erase(address, 'by hand', clock());
}
