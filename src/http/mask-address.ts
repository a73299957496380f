/** An address as a page shows it that anybody may see who has the link. */
import { type Address, renderAddress } from '../domain/address.ts';

/** Enough for its owner to know it, too little for who looks over their shoulder or was forwarded the mail: `a•••@example.org`. */
export function maskAddress(address: Address): string {
  const [first = ''] = address;
  const shown = renderAddress(address);
  return `${first}•••${shown.slice(shown.lastIndexOf('@'))}`;
}
