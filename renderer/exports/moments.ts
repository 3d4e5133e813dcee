import { DateTime } from 'luxon';

const FIELD = "yyyy-MM-dd'T'HH:mm";

/** A moment as a field for date and time holds it, on the site's clock. */
export const fieldOf = (at: number, zone: string): string => DateTime.fromMillis(at, { zone }).toFormat(FIELD);

/** What such a field holds, as the API is told it; undefined where it holds nothing. */
export const momentOf = (field: string, zone: string): string | undefined => (field === '' ? undefined : (DateTime.fromISO(field, { zone }).toISO() ?? undefined));
