import { latestKpis, listKpis, listMetrics, refreshSnapshots, snapshotOperations, updateSnapshots } from '#shared/api/snapshots.ts';
import type { Answered } from '#shared/api/operation.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { Snapshot } from '#shared/snapshots/family.ts';
import { unitIds } from '../domain/units/now.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import type { ViewContext } from '../views/context.ts';
import { asked } from './asking.ts';
import { cursorOf, placeOf } from './cursor.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

export interface SnapshotParts {
  readonly reader: Pick<ReaderThread, 'ask'>;
  /** Answers what takes long, so that no other question waits for it. */
  readonly slow: Pick<ReaderThread, 'ask'>;
  readonly site: { context(): ViewContext };
  readonly kept: KeptAnswers;
  /** Takes and keeps a family now; undefined while the site is not read whole or the store takes nothing. */
  update(family: string): Promise<Answered<typeof updateSnapshots> | undefined>;
}

type Kpi = Answered<typeof latestKpis>['items'][number];
type Subject = Readonly<Record<string, string>>;

/** A family is taken out of turn this often at most. */
const UPDATE_MS = 1_000;

/** After everything. */
const LAST = Number.MAX_SAFE_INTEGER;

/** A subject as the reader takes it: what is not asked for does not narrow. */
const told = (subject: Readonly<Record<string, string | undefined>>): Subject => Object.fromEntries(Object.entries(subject).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])));

async function historyOf(reader: SnapshotParts['reader'], family: string, fields: readonly string[], subject: Subject, { from, to, limit, cursor }: { from: number; to: number; limit: number; cursor?: string | undefined }) {
  const [at, ...of] = cursor === undefined ? [] : placeOf<[number, ...string[]]>(cursor, ['number', ...fields.map(() => 'string' as const)]);
  const { snapshots, watched, more } = await asked(reader, 'history', { family, subject, from, to, limit, ...(at === undefined ? {} : { after: { at, subject: of } }) });
  const last = snapshots.at(-1);
  return { snapshots, watched: [...watched], next: more && last ? { next: cursorOf([last.at, ...fields.map((field) => last.subject[field] ?? '')]) } : {} };
}

function kpi({ at, subject, facts, unknown }: Snapshot): Kpi {
  const figure = (name: string) => facts[name] as number | null;
  const [reason] = Object.values(unknown);
  return {
    period: subject['period'] as Kpi['period'], metric: subject['metric']!, scope: subject['scope'] ?? '', from: at, to: figure('until'),
    value: figure('value'), count: figure('count'), excluded: figure('excluded'), mean: figure('mean'), p50: figure('p50'), p90: figure('p90'), max: figure('max'), within: figure('within'),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The metric library with the thresholds that are in force at the site. */
export function catalogue(site: SiteConfig): Answered<typeof listMetrics>['items'] {
  return [...metricDefinitions.values()].map((definition) => {
    const { id, title, kind, unit, scopes, formula, inputs, source, direction, byScope = {}, commonPractice = false } = definition;
    const limits = (scope: Subject) => {
      const { warn, crit, normal } = thresholdsFor(definition, scope, site);
      return { warn, crit, normal: [...normal] as [number | null, number | null] };
    };
    const where = Object.keys(byScope).map((condition) => ({ where: condition, ...limits(Object.fromEntries(condition.split(',').map((pair) => pair.split('=')))) }));
    return { id, title, kind, unit, scopes: [...scopes], formula, inputs: [...inputs], source, direction, ...limits({}), byScope: where, commonPractice };
  });
}

/** Snapshots and KPIs as the store keeps them, and the catalogue of metrics. */
export function snapshotRoutes({ reader, slow, site, kept, update }: SnapshotParts): Route[] {
  let refreshing = false;
  /** What was lately taken out of turn: who asks in a loop does not have a large house looked at all the time. */
  const updated = new Map<string, ReturnType<SnapshotParts['update']>>();
  const families = snapshotOperations.flatMap(({ family, latest, history }) => [
    route(latest, ({ query: { at, ...subject } }) => {
      const question = { family: family.name, subject: told(subject as Subject), at: at ?? LAST };
      return kept.of(JSON.stringify(question), async () => ({ items: await asked(reader, 'latest', question) }));
    }),
    route(history, async ({ query: { from, to, limit, cursor, ...subject } }) => {
      const { snapshots, watched, next } = await historyOf(reader, family.name, family.subject, told(subject as Subject), { from, to, limit, cursor });
      return { items: snapshots, watched, ...next };
    }),
  ]);
  return [
    ...families,
    route(updateSnapshots, async ({ params: { family } }, { note }) => {
      const taken = updated.get(family) ?? update(family);
      if (!updated.has(family)) {
        updated.set(family, taken);
        setTimeout(() => updated.delete(family), UPDATE_MS).unref();
      }
      const answer = await taken;
      if (!answer) throw new Problem(503, 'Snapshots cannot be taken now: what is over is still being read, or the store takes nothing. Health tells which.', { headers: { 'retry-after': '5' } });
      note({ written: answer.written });
      return answer;
    }),
    route(refreshSnapshots, async ({ body }) => {
      if ('unit' in body && !unitIds(site.context().house).includes(body.unit)) throw new Problem(404, `body unit: there is no unit ${body.unit}; see /bed-management/units`);
      if (refreshing) throw new Problem(409, 'Another refresh is at work; ask again when it is done.');
      refreshing = true;
      try {
        const { checked, differences } = await asked(slow, 'refresh', body);
        return { checked, different: differences.length, differences: differences.map(({ kind, id }) => ({ kind, id })) };
      } finally {
        refreshing = false;
      }
    }),
    route(latestKpis, ({ query }) => {
      const question = { family: 'kpi', subject: told(query), at: LAST };
      return kept.of(JSON.stringify(question), async () => ({ items: (await asked(reader, 'latest', question)).map(kpi) }));
    }),
    route(listKpis, async ({ query: { from, to, limit, cursor, ...subject } }) => {
      const { snapshots, next } = await historyOf(reader, 'kpi', ['period', 'metric', 'scope'], told(subject), { from, to, limit, cursor });
      return { items: snapshots.map(kpi), ...next };
    }),
    route(listMetrics, () => kept.of(listMetrics.id, () => ({ items: catalogue(site.context().house.site) }))),
  ];
}
