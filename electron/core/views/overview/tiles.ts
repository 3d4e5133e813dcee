import { STAGES } from '#shared/wip.ts';
import type { House } from '../../domain/house.ts';
import type { Moment } from '../context.ts';
import { isKnown } from '../kpi.ts';
import * as seen from '../seen.ts';
import type { Tile } from '../tile.ts';

/** A row of nine tiles fills the wall's grid. */
const MOST = 9;

/** Stages of which the whole site limits how many are in them: what is limited is worth a place. Boarders have one anyway. */
const limited = ({ site }: House): string[] => [...new Set(site.wipLimits.filter(({ unit }) => unit === undefined).map(({ stage }) => STAGES[stage].metric as string))].filter((metric) => metric !== 'ed.boarders');

const gauge = (metric: string): Tile => ({ metric, scope: {}, figure: 'value', window: 'now' });
const today = (metric: string, figure: Tile['figure'] = 'value', scope: Tile['scope'] = {}): Tile => ({ metric, scope, figure, window: 'so-far' });

/** NEDOCS where every input is told, else how many patients there are. */
const crowding = (house: House) =>
  seen.hasTreatmentSpaces(house) && seen.edRooming(house) && seen.edDecision(house) && seen.edVentilation(house) ? 'ed.nedocs' : 'ed.census';

/** Urgent results where the laboratory has such a priority: they have a target; else all results. */
function labTurnaround(house: House): Tile {
  const priority = seen.labStat(house);
  return today('lab.turnaround', 'p90', priority === undefined ? {} : { priority });
}

/** What a house supervisor asks first, in order: full, stuck, late, going. Only what the house tells, and at most nine. */
export function overviewTiles(moment: Moment): readonly Tile[] {
  const { house } = moment;
  const tiles: Tile[] = [];
  let rank = 0;
  const show = (told: boolean, tile: () => Tile) => {
    if (told && tiles.length < MOST) tiles.push({ ...tile(), rank });
    rank++;
  };
  show(seen.bedsReported(house), () => gauge('beds.occupancy_rate'));
  show(seen.bedsReported(house) && seen.hasIcu(house), () => gauge('icu.occupancy_rate'));
  show(seen.edArrival(house), () => gauge(crowding(house)));
  show(seen.edDecision(house), () => gauge('ed.boarders'));
  for (const metric of limited(house)) show(isKnown(gauge(metric), moment), () => gauge(metric));
  show(seen.orSchedule(house) && seen.orWheelsIn(house), () => today('or.first_case_on_time_rate'));
  show(seen.labResult(house), () => labTurnaround(house));
  show(seen.edDeparture(house), () => today('ed.length_of_stay', 'p90'));
  show(seen.inpatientDischarge(house), () => today('census.discharges'));
  show(seen.edTriage(house), () => today('ed.registration_to_triage', 'p50'));
  show(seen.icuVentilation(house), () => gauge('icu.ventilated'));
  show(seen.edBoardingEnd(house), () => today('ed.boarding_time', 'p90'));
  show(seen.stepDownOrder(house), () => gauge('icu.step_down_ready'));
  show(seen.orStay(house), () => today('or.turnover', 'p50'));
  show(seen.labOrder(house) && !limited(house).includes('lab.pending'), () => gauge('lab.pending'));
  return tiles;
}
