import { acceptSource, getSource, listSources, refuseSource, registerSource, replayLetters, updateSource } from '#shared/api/sources.ts';
import { termsOf, type SourceRecord, type SourceTerms, type Trouble } from '#shared/sources.ts';
import { instanceName } from '../domain/sources/trouble.ts';
import type { SiteId } from '../store/paths.ts';
import { sourceUri } from '../store/sources.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { pageOfNamed } from './cursor.ts';
import { heed, tagged } from './precondition.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

interface Named {
  readonly kind: string;
  readonly instance: string;
}

export interface SourceParts {
  readonly id: SiteId;
  readonly ask: (ask: Ask) => Promise<Answer>;
  readonly records: () => readonly SourceRecord[];
  readonly troubles: () => readonly Trouble[];
}

/** The systems that publish to the site, and what of theirs was refused. */
export function sourceRoutes({ id, ask, records, troubles }: SourceParts): Route[] {
  const find = ({ kind, instance }: Named): SourceTerms | undefined => {
    const uri = sourceUri(id, kind, instance);
    const record = records().find((one) => one.uri === uri);
    return record && termsOf(record);
  };
  const known = (named: Named): SourceTerms => {
    const source = find(named);
    if (!source) throw new Problem(404, `No source ${nameOf(named)} has been heard or registered.`);
    return source;
  };
  const decide = async (named: Named, decision: 'accept' | 'refuse', caller: Caller) => {
    const from = known(named);
    heed(caller, from, changedMeanwhile(from));
    const answer = await ask({ what: 'decide', uri: from.uri, decision, ...(caller.ifMatch === undefined ? {} : { from }) });
    if (!answer.ok) throw new Problem(answer.stale ? 412 : 503, answer.problem);
    return nameOf(named);
  };
  return [
    route(listSources, ({ query }) => {
      const now = troubles();
      const { items, ...next } = pageOfNamed(records(), ({ uri }) => uri, query);
      return { ...next, items: items.map((record) => ({ ...record, troubles: now.filter(({ source }) => source === instanceName(record)).map(({ state, detail }) => ({ state, detail })) })) };
    }),
    route(getSource, ({ params }) => known(params)),
    route(registerSource, async ({ body: { kind, instance, ...held } }, { note }) => {
      note({ kind, instance });
      const answer = await ask({ what: 'decide', uri: sourceUri(id, kind, instance), decision: { by: 'person', ...held }, from: null });
      if (!answer.ok) throw answer.stale ? new Problem(409, `The source ${kind}/${instance} is known already. What it is held to is changed by PUT at its address.`) : new Problem(503, answer.problem);
      return { registered: `${kind}/${instance}` };
    }),
    route(updateSource, async ({ params, body }, caller) => {
      const now = find(params);
      heed(caller, now, now ? changedMeanwhile(now) : `No source ${nameOf(params)} has been heard or registered. To make it known, send If-None-Match: *.`);
      const answer = await ask({ what: 'decide', uri: sourceUri(id, params.kind, params.instance), decision: { by: 'person', ...body }, from: now ?? null });
      if (!answer.ok) throw new Problem(answer.stale ? 412 : 503, answer.problem);
      if (!now) caller.reply.code(201);
      return tagged(caller.reply, termsOf(answer.source!));
    }),
    route(acceptSource, async ({ params }, caller) => ({ accepted: await decide(params, 'accept', caller) })),
    route(refuseSource, async ({ params }, caller) => ({ refused: await decide(params, 'refuse', caller) })),
    route(replayLetters, async ({ body }, { note }) => {
      note({ ...body });
      const answer = await ask({ what: 'replay', letters: body });
      if (!answer.ok) throw new Problem(503, answer.problem);
      return { replayed: answer.replayed ?? 0, left: answer.left ?? 0 };
    }),
  ];
}

const nameOf = ({ kind, instance }: Named): string => `${kind}/${instance}`;

const changedMeanwhile = (source: SourceTerms): string => `The source ${nameOf(source)} is ${source.state} now, said by ${source.registeredBy}${source.title === null ? '' : `, as "${source.title}"`}. Read it again (GET /event-sources/${nameOf(source)}).`;
