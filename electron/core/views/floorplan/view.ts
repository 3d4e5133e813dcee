import { View } from '../view.ts';
import { bedPart } from './beds.ts';
import { planPart } from './plan.ts';
import { statusPart } from './statuses.ts';
import { unitCardPart } from './units.ts';

/** View `floorplan`, params `plan`: the beds and units of one floor-plan document. */
export const floorplanView = new View('floorplan', [planPart, statusPart, bedPart, unitCardPart], ['plan']);
