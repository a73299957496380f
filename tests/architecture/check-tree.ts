/** All rules of the house over one tree of files. A tree without sources or tests is an offence: a judge with nothing before him acquits nobody. */
import { checkDoors } from './check-doors.ts';
import { checkLayers } from './check-layers.ts';
import { checkRooms } from './check-rooms.ts';
import { checkShape } from './check-shape.ts';
import { checkTests } from './check-tests.ts';
import type { HouseRules } from './house-rules.ts';
import { judgeTree, type Offence, type Tree } from './tree.ts';

export function checkTree(tree: Tree, rules: HouseRules): readonly Offence[] {
  const judged = judgeTree(tree);
  const empty = (['src', 'tests'] as const)
    .filter((folder) => judged[folder].length === 0)
    .map((folder) => ({ rule: 'empty', path: `${folder}/`, message: 'there is nothing to judge' }));
  return [
    ...empty,
    ...judged.offences,
    ...checkLayers(judged.src, rules),
    ...checkRooms(judged.src, rules),
    ...checkDoors(judged, rules),
    ...checkShape(judged, rules),
    ...checkTests(judged.tests),
  ];
}

/** `src/a.ts: layers: …`, one line each. */
export function renderOffences(offences: readonly Offence[]): string {
  return offences.map(({ path, rule, message }) => `${path}: ${rule}: ${message}`).join('\n');
}
