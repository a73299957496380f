/** Which coding a client gets (RFC 9110 §12.5.3): what it likes best of what there is, and of what it likes alike what we like best. */
import { CODINGS, type Coding } from './encode-body.ts';

export type Choice = Coding | 'identity';

/** RFC 9110 §12.4.2: three digits at most, from 0 to 1. */
const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/**
 * `accepted` is Accept-Encoding, null when it was not sent: then the plain body, for a client that says nothing may not be able to unpack. It is also
 * what remains when nothing there is suits: better a body that was refused than none.
 */
export function chooseCoding(accepted: string | null, available: (coding: Coding) => boolean): Choice {
  if (accepted === null) return 'identity';
  const weights = weightsOf(accepted);
  const weightOf = (coding: Choice): number => weights.get(coding) ?? weights.get('*') ?? 0;
  // Not listed, the plain body is acceptable, but less than anything that is.
  let best: Choice = 'identity';
  let weight = weights.get('identity') ?? 0;
  for (const coding of CODINGS) {
    const isBetter = weightOf(coding) > weight || (best === 'identity' && weightOf(coding) === weight);
    if (weightOf(coding) > 0 && available(coding) && isBetter) {
      best = coding;
      weight = weightOf(coding);
    }
  }
  return best;
}

/** What programs say is one of few texts: each is read once. */
const MOST_REMEMBERED = 200;
const remembered = new Map<string, ReadonlyMap<string, number>>();

function weightsOf(accepted: string): ReadonlyMap<string, number> {
  const known = remembered.get(accepted);
  if (known) return known;
  const weights = parseWeights(accepted);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(accepted, weights);
  return weights;
}

/** By coding, in lower case. What is not well-formed is passed over; `x-gzip` is an old name (§8.4.1.3). */
function parseWeights(accepted: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const element of accepted.split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim());
    const quality = parameters.length === 0 ? '1' : QUALITY.exec(parameters[0] ?? '')?.[1];
    if (name === '' || parameters.length > 1 || quality === undefined) continue;
    const coding = name.toLowerCase();
    weights.set(coding === 'x-gzip' ? 'gzip' : coding, Number(quality));
  }
  return weights;
}
