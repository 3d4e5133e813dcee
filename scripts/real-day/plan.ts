import { hash } from 'node:crypto';
import { openTable } from '#core/feeds/table/table-reader.ts';

/** The day onto which everything is laid, a Wednesday, and the day of the operating room data that becomes it. */
export const SAMPLE_DAY = '2026-01-14';
export const OR_DAY = '2022-01-19';
export const OR_DAY_BEFORE = '2022-01-18';

const DAY = 86_400_000;
/** Of 400 tried, the one whose wards are fullest at noon for the beds they need. */
const SALT = '118';
/** Shares of stays that fall on the sample day with a day in intensive care, else in step-down, where they have one. */
const INTENSIVE_SHARE = 60;
const STEP_DOWN_SHARE = 85;

export const dayNumber = (day: string): number => Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / DAY);

/** A number from 0 up to `below`, the same on every machine. */
export const chance = (text: string, below: number): number => Number.parseInt(hash('sha256', text).slice(0, 8), 16) % below;

interface Placement {
  readonly careunit: string;
  readonly from: string;
  readonly to: string;
}

async function encounters(transfers: string): Promise<Map<string, Placement[]>> {
  const table = await openTable(transfers, { delimiter: ',', encoding: 'utf8' }, ({ line, reason }) => {
    throw new Error(`${transfers}:${line}: ${reason}`);
  });
  const index = (name: string) => table.header.indexOf(name);
  const [hadm, transfer, careunit, from, to] = ['hadm_id', 'transfer_id', 'careunit', 'intime', 'outtime'].map(index) as [number, number, number, number, number];
  const found = new Map<string, Placement[]>();
  for await (const { cells } of table.rows) {
    const encounter = cells[hadm] || `ED-${cells[transfer]}`;
    found.set(encounter, [...(found.get(encounter) ?? []), { careunit: cells[careunit]!, from: cells[from]!, to: cells[to]! }]);
  }
  for (const list of found.values()) list.sort((a, b) => (a.from < b.from ? -1 : 1));
  return found;
}

/** The day of a stay, from 0, that is laid on the sample day: any, but more often one in the house at noon, and in intensive or step-down care. */
function dayOfStay(encounter: string, placements: readonly Placement[]): number {
  const first = dayNumber(placements[0]!.from);
  const last = dayNumber(placements.at(-1)!.to || placements.at(-1)!.from);
  const all = Array.from({ length: last - first + 1 }, (_, day) => day);
  const atNoon = (day: number) => {
    const noon = new Date((first + day) * DAY + DAY / 2).toISOString().slice(0, 19).replace('T', ' ');
    return placements.find(({ from, to }) => from <= noon && noon < to)?.careunit ?? '';
  };
  const intensive = all.filter((day) => /intensive|coronary care|SICU/i.test(atNoon(day)));
  const stepDown = all.filter((day) => /cardiac surgery|intermediate/i.test(atNoon(day)));
  const share = chance(`kind ${SALT} ${encounter}`, 100);
  const present = share < INTENSIVE_SHARE ? all.filter((day) => atNoon(day) !== '') : all;
  const preferred = share < INTENSIVE_SHARE && intensive.length > 0 ? intensive : share < STEP_DOWN_SHARE && stepDown.length > 0 ? stepDown : present;
  const choice = preferred.length > 0 ? preferred : all;
  return choice[chance(`day ${SALT} ${encounter}`, choice.length)]!;
}

/** Days by which each encounter moves, so that one day of its stay is the sample day. */
export async function planStays(transfers: string): Promise<Map<string, number>> {
  const plan = new Map<string, number>();
  for (const [encounter, placements] of await encounters(transfers)) {
    plan.set(encounter, dayNumber(SAMPLE_DAY) - dayNumber(placements[0]!.from) - dayOfStay(encounter, placements));
  }
  return plan;
}
