import { readLogPage, type LogPageBody } from '#shared/api/log.ts';
import type { SiteId } from '../store/paths.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

/** The log, for stations that join or were away for long. */
export const logRoutes = ({ id: { tenant, site }, reader }: { readonly id: SiteId; readonly reader: Pick<ReaderThread, 'ask'> }): Route[] => [
  route(readLogPage, async ({ query }) => {
    const answer = await reader.ask('log', query);
    if (answer.state === 'other') throw new Problem(409, `Position ${query.after} is not of this log: it was restored or rebuilt since. Begin again at 0; what is known already changes nothing.`);
    if (answer.state === 'trimmed') {
      throw new Problem(410, `Events after position ${query.after}, up to ${new Date(answer.horizon).toISOString()}, were trimmed and lie in this station's baseline. Make a backup of it (vigil backup), restore that on the station that joins (vigil restore), and join again.`);
    }
    const { events, next, check, newest, key } = answer;
    return { tenant, site, key, events: events as LogPageBody['events'], next, check, newest };
  }),
];
