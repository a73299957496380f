/** Which series a command means: the one named, or the only (else the first) there is. */
import type { Renga } from '../app/renga.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Series } from '../domain/publication.ts';

export function chooseSeries(renga: Pick<Renga, 'series'>, name: string | null): Series {
  const chosen = name === null ? renga.series[0] : renga.series.find((series) => series.name === name);
  if (chosen) return chosen;
  const names = renga.series.map((series) => series.name).join(', ');
  throw new OperatorError(
    name === null ? 'The config has no series.' : `There is no series "${name}".`,
    names === '' ? 'Add one under series: in config/renga.yaml.' : `There are: ${names}.`,
  );
}
