import { kpiPart } from '../kpi.ts';
import { View } from '../view.ts';
import { afterPart } from './after.ts';
import { censusPart } from './census.ts';
import { overviewTiles } from './tiles.ts';
import { unitPressurePart } from './units.ts';

/** View `overview`: the whole house at a glance. */
export const overviewView = new View('overview', [kpiPart(overviewTiles, ['encounter', 'bed', 'unit', 'lab-order', 'imaging-order', 'pharmacy-order']), unitPressurePart, afterPart, censusPart]);
