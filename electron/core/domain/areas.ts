import { adt, patients } from './adt/fold.ts';
import type { Area } from './area.ts';
import { beds } from './beds/fold.ts';
import { ambulances, ed } from './ed/fold.ts';
import { icu } from './icu/fold.ts';
import { imaging } from './imaging/fold.ts';
import { lab } from './lab/fold.ts';
import { orCases, orRooms } from './or/fold.ts';
import { pharmacy } from './pharmacy/fold.ts';
import { accounts } from './rcm/accounts.ts';
import { claims } from './rcm/claims.ts';
import { denials } from './rcm/denials.ts';
import { preauths } from './rcm/preauths.ts';
import { sources } from './sources/fold.ts';
import { units } from './units/fold.ts';

/** Every area whose events change state. */
export const areas: readonly Area[] = [
  adt, patients, ed, ambulances, icu, beds, units, lab, imaging, pharmacy, orCases, orRooms, claims, denials, preauths, accounts, sources,
];
