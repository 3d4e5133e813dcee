import type { Readable } from 'node:stream';
import { copyLog, DIGEST_HEADER, LOG_COPY_MEDIA, readLogPage, type LogPageBody } from '#shared/api/log.ts';
import { openForReading } from '../store/open.ts';
import type { SiteId } from '../store/paths.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import { actor, kept } from './audited.ts';
import { LogCopies } from './log-copies.ts';
import type { LogReaders } from './log-readers.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

interface LogParts {
  readonly id: SiteId;
  readonly reader: Pick<ReaderThread, 'ask'>;
  /** The log. */
  readonly file: string;
  readonly readers: Pick<LogReaders, 'give'>;
}

/** The log, for stations that join or were away for long. */
export function logRoutes({ id: { tenant, site }, reader, file, readers }: LogParts): Route[] {
  const copies = new LogCopies(file, { tenant, site });
  return [
    route(readLogPage, async ({ query }, { principal, from }) => {
      const answer = await reader.ask('log', query);
      if (answer.state === 'other') throw new Problem(409, `Position ${query.after} is not of this log: it was restored or rebuilt since. Begin again at 0; what is known already changes nothing.`);
      if (answer.state === 'trimmed') {
        throw new Problem(410, `Events after position ${query.after}, up to ${new Date(answer.horizon).toISOString()}, were trimmed and lie in this station's baseline. Begin with a copy of this log, which a station with an empty store takes by itself when it joins.`);
      }
      const { events, next, check, newest, key } = answer;
      await kept(readers.give(actor(principal, from), { after: query.after, next, events: events.length }), 'Nothing is shown');
      return { tenant, site, key, events: events as LogPageBody['events'], next, check, newest };
    }),
    route(copyLog, async ({ query }, { reply, note }) => {
      if ((query.tenant ?? tenant) !== tenant || (query.site ?? site) !== site) throw new Problem(409, `This station keeps ${tenant}/${site}: give its --tenant and --site.`);
      if ((query.key ?? keyOf(file)) !== keyOf(file)) throw new Problem(409, 'Its pseudonyms are made with another site key: give the --key-file of this station, with a data directory of its own.');
      const { made, end } = copies.begin();
      // Whichever way it ends, also where the trail could not be written.
      reply.raw.once('close', end);
      const { bytes, sha256, position, stream } = await made;
      note({ position, bytes, sha256 });
      reply.headers({ 'content-type': LOG_COPY_MEDIA, 'content-length': bytes, [DIGEST_HEADER]: `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`, 'content-disposition': `attachment; filename="${tenant}.${site}.db"` });
      // What is sent is a stream of the described bytes.
      return stream satisfies Readable as unknown as string;
    }),
  ];
}

/** Fingerprint of the site key that a log was made with. */
function keyOf(file: string): string | undefined {
  const db = openForReading(file);
  try {
    return db.prepare<[], string>("SELECT value FROM site WHERE key = 'key'").pluck().get();
  } finally {
    db.close();
  }
}
