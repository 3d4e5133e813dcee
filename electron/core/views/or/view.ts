import { kpiPart } from '../kpi.ts';
import { View } from '../view.ts';
import { dayPart } from './day.ts';
import { holdPart } from './holds.ts';
import { roomPart } from './rooms.ts';
import { orTiles } from './tiles.ts';

/** View `or`: the operating rooms of the site's current day. */
export const orView = new View('or', [kpiPart(orTiles, ['or-case']), dayPart, roomPart, holdPart]);
