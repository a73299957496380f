/** How long `renga --help` takes, against the same Node doing nothing. */
import { type Bench, boundedFigure, figure, median } from './figure.ts';
import { measureNode, RENGA } from './measure-process.ts';

const PAIRS = 21;

export const bench: Bench = {
  title: `start of the program: \`renga --help\` and \`node -e 0\` in turn, ${PAIRS} of each, whole process, medians`,
  run: async () => {
    const bare: number[] = [];
    const help: number[] = [];
    await measureNode([RENGA, '--help'], { withPeak: false });
    for (let pair = 0; pair < PAIRS; pair += 1) {
      bare.push((await measureNode(['-e', '0'], { withPeak: false })).milliseconds);
      help.push((await measureNode([RENGA, '--help'], { withPeak: false })).milliseconds);
    }
    const [bareMedian, helpMedian] = [median(bare), median(help)];
    return [
      figure('node -e 0', `${bareMedian.toFixed(1)} ms`),
      figure('renga --help', `${helpMedian.toFixed(1)} ms`, helpMedian / bareMedian),
      boundedFigure('above bare Node', helpMedian - bareMedian, 150, 'ms'),
    ];
  },
};
