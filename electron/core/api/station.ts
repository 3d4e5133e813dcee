import { getBrokerLink, getStation, probeBroker, putStation, type StationFacts } from '#shared/api/station.ts';
import { lookAtBroker, type Finding } from '../mqtt/findings.ts';
import type { LinkState } from '../mqtt/sink.ts';
import { StationRefusal, type StationDesk } from '../station/station-desk.ts';
import { Buckets } from './buckets.ts';
import { entityTag, matches } from './entity-tag.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

export interface StationParts {
  readonly desk: StationDesk;
  readonly facts: () => Omit<StationFacts, keyof StationDesk['shown']>;
  readonly link: { readonly state: LinkState; readonly why: string | null };
  /** Another document is in force: the core goes by it from now on. */
  readonly changed: () => Promise<void>;
}

/** Tries of brokers: enough for who mistypes, too few for who looks for open ports. */
const TRIES = { perSecond: 10 / 60, burst: 5 };

/** The station document, and brokers that are tried for it. */
export function stationRoutes({ desk, facts, link, changed }: StationParts): Route[] {
  const shown = () => ({ ...facts(), ...desk.shown });
  const tries = new Buckets(TRIES);
  let busy = false;
  // Whoever says where events come from, or has this machine connect elsewhere, has read where they come from now: "*" says nothing of that.
  const heed = (ifMatch: string | undefined) => {
    if (ifMatch?.trim() === '*' || !matches(ifMatch, entityTag(JSON.stringify(shown())))) throw new Problem(412, 'The station document has changed, or was not read: read it again.');
  };
  /** Changes come one after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  return [
    route(getStation, shown),
    route(getBrokerLink, () => ({ state: link.state, why: link.why })),
    route(putStation, ({ body: { document, password, why } }, { ifMatch, note }) =>
      inTurn(async () => {
        note({ why });
        heed(ifMatch);
        const relinked = await desk.change(document, password).catch(asProblem);
        note({ broker: facts().broker, station: facts().station, ...(password === undefined ? {} : { password: password === null ? 'forgotten' : 'changed' }) });
        if (relinked) await changed();
        return shown();
      })),
    route(probeBroker, async ({ body: { broker, password } }, { ifMatch, note }): Promise<{ well: boolean; findings: Finding[] }> => {
      note({ broker: broker.address });
      heed(ifMatch);
      if (broker.address === 'embedded') throw new Problem(422, 'Vigil\'s own broker is there with the core; there is nothing to try.');
      let trial;
      try {
        trial = desk.trial(broker, password);
      } catch (error) {
        return asProblem(error as Error);
      }
      const wait = busy ? 5 : tries.take('probe');
      if (wait > 0) throw new Problem(429, `Brokers are tried one at a time and ten a minute: ask again in ${wait} s.`, { headers: { 'retry-after': String(wait) } });
      busy = true;
      try {
        const findings = await lookAtBroker(trial.url, trial.keys);
        const well = findings.every(({ ok }) => ok);
        note({ well });
        return { well, findings };
      } finally {
        busy = false;
      }
    }),
  ];
}

function asProblem(error: Error): never {
  if (error instanceof StationRefusal) throw new Problem(422, error.message);
  throw new Problem(503, `The station document could not be kept: ${error.message}`);
}
