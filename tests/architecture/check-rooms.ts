/** Within a unit that has rooms, data goes one way too: each folder knows those before it, and the files beside them that are its ground. */
import type { HouseRules, Rooms } from './house-rules.ts';
import { type JudgedFile, type Offence, resolveReference, unitOf } from './tree.ts';

export function checkRooms(src: readonly JudgedFile[], rules: HouseRules): readonly Offence[] {
  return Object.entries(rules.rooms).flatMap(([unit, rooms]) => {
    const files = src.filter((file) => unitOf(file.path) === unit);
    return files.flatMap((file) => checkKnown(file, rooms).concat(checkImports(file, unit, rooms)));
  });
}

/** `src/app/site/x.ts` → `site`; null for a file beside the rooms. */
function roomOf(path: string): string | null {
  const parts = path.split('/');
  return parts.length > 3 ? (parts[2] ?? null) : null;
}

function checkKnown({ path }: JudgedFile, rooms: Rooms): readonly Offence[] {
  const room = roomOf(path);
  if (room === null || rooms.order.includes(room)) return [];
  return [{ rule: 'rooms', path, message: `"${room}" has no place in the order of rooms` }];
}

/** The ground stands below the first room, and what uses rooms above the last. */
function heightOf(path: string, rooms: Rooms): number {
  const room = roomOf(path);
  if (room !== null) return rooms.order.indexOf(room);
  return rooms.ground.includes(path.split('/').at(-1) ?? '') ? -1 : rooms.order.length;
}

function checkImports(file: JudgedFile, unit: string, rooms: Rooms): readonly Offence[] {
  const { path } = file;
  return file.references.flatMap(({ specifier, line }) => {
    const target = specifier?.startsWith('.') ? resolveReference(path, specifier) : '';
    if (unitOf(target) !== unit || heightOf(target, rooms) <= heightOf(path, rooms)) return [];
    return [{ rule: 'rooms', path, message: `line ${line} imports ${target}, which stands above it` }];
  });
}
