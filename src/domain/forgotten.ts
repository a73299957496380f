/** Thrown where something recalled turns out to be more than the cache still knows: whoever recalled it begins again without. */
export class Forgotten extends Error {}
