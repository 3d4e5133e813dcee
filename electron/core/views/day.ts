import { siteDays, type SiteDay } from '../metrics/days.ts';
import { once, type Moment } from './context.ts';

const ofMoment = ({ house, now }: Moment): SiteDay => siteDays(house.site.timezone).dayOf(now);

/** The site's day that `now` lies in. */
export const today = (moment: Moment): SiteDay => once(moment, ofMoment);
