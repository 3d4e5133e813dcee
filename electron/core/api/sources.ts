import { acceptSource, listSources, refuseSource, registerSource, replayLetters } from '#shared/api/sources.ts';
import type { SourceRecord, Trouble } from '#shared/sources.ts';
import { instanceName } from '../domain/sources/trouble.ts';
import type { SiteId } from '../store/paths.ts';
import { sourceUri } from '../store/sources.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { pageOfNamed } from './cursor.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

export interface SourceParts {
  readonly id: SiteId;
  readonly ask: (ask: Ask) => Promise<Answer>;
  readonly records: () => readonly SourceRecord[];
  readonly troubles: () => readonly Trouble[];
}

/** The systems that publish to the site, and what of theirs was refused. */
export function sourceRoutes({ id, ask, records, troubles }: SourceParts): Route[] {
  const decide = async ({ kind, instance }: { kind: string; instance: string }, decision: 'accept' | 'refuse') => {
    const answer = await ask({ what: 'decide', uri: sourceUri(id, kind, instance), decision });
    if (!answer.ok) throw new Problem(404, answer.problem);
    return `${kind}/${instance}`;
  };
  return [
    route(listSources, ({ query }) => {
      const now = troubles();
      const { items, ...next } = pageOfNamed(records(), ({ uri }) => uri, query);
      return { ...next, items: items.map((record) => ({ ...record, troubles: now.filter(({ source }) => source === instanceName(record)).map(({ state, detail }) => ({ state, detail })) })) };
    }),
    route(registerSource, async ({ body: { kind, instance, ...held } }, { note }) => {
      note({ kind, instance });
      const answer = await ask({ what: 'decide', uri: sourceUri(id, kind, instance), decision: { by: 'person', ...held } });
      if (!answer.ok) throw new Problem(503, answer.problem);
      return { registered: `${kind}/${instance}` };
    }),
    route(acceptSource, async ({ params }) => ({ accepted: await decide(params, 'accept') })),
    route(refuseSource, async ({ params }) => ({ refused: await decide(params, 'refuse') })),
    route(replayLetters, async ({ body }, { note }) => {
      note({ ...body });
      const answer = await ask({ what: 'replay', letters: body });
      if (!answer.ok) throw new Problem(503, answer.problem);
      return { replayed: answer.replayed ?? 0, left: answer.left ?? 0 };
    }),
  ];
}
