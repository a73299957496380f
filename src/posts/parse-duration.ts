/** How long a sound runs, as podcast programs show it: `12:34`, `1:02:03`, or seconds. */

const CLOCK = /^(?:(\d{1,2}):([0-5]?\d)|(\d{1,3})):([0-5]\d)$/;

/** In seconds, at least 1; null for anything else. */
export function parseDuration(text: string): number | null {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : readClock(text);
  return seconds !== null && seconds > 0 ? seconds : null;
}

function readClock(text: string): number | null {
  const parts = CLOCK.exec(text);
  if (!parts) return null;
  const [, hours = '0', minutesOfHour, minutes = '0', seconds = '0'] = parts;
  return Number(hours) * 3600 + Number(minutesOfHour ?? minutes) * 60 + Number(seconds);
}
