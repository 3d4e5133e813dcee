import { bedEvents } from '#shared/events/types/bed.ts';
import { areaOf } from '../area.ts';
import { fold } from './own-words.ts';

/** Beds, as housekeeping and bed systems speak of them. */
export const beds = areaOf({ kind: 'bed', events: bedEvents }, fold);
