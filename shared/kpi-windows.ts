import { z } from 'zod';

/** Over how long a number looks back: the site's day or its shift so far, or so many hours. */
export const KPI_WINDOWS = ['day', 'shift', '1h', '2h', '4h', '8h', '12h', '24h'] as const;
export type KpiWindow = (typeof KPI_WINDOWS)[number];

const time = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of the day; write HH:mm, such as 07:00');

/** The windows of a site's numbers, as its document has them. */
export const kpiWindowsSchema = z.object({
  shifts: z.array(time()).default([]).describe('When shifts begin on the wall clock, HH:mm.'),
  metrics: z.record(z.string(), z.enum(KPI_WINDOWS)).default({}).describe('Over how long boards look back, by metric id: `shift`, or hours such as `8h`; without it over the day so far.'),
});
