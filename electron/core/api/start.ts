import type { Answered, Operation } from '#shared/api/operation.ts';
import type { getOpenApi } from '#shared/api/status.ts';
import type { Trouble } from '#shared/sources.ts';
import type { AccessThread } from '../access/access-thread.ts';
import type { AuditDesk } from '../access/audit-desk.ts';
import type { LocalToken } from '../access/local-token.ts';
import type { Hub } from '../link/hub.ts';
import type { OpsLive } from '../ops/live.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import type { ViewContext } from '../views/context.ts';
import { accessRoutes, askAccess } from './access.ts';
import { auditRoutes } from './audit.ts';
import { analyticsOf, analyticsRoutes } from './analytics.ts';
import { boardRoutes } from './boards.ts';
import { configRoutes, type ConfigParts } from './config.ts';
import { eventRoutes } from './events.ts';
import { exportRoutes } from './exports.ts';
import { identifier } from './identify.ts';
import { KeptAnswers } from './kept-answers.ts';
import { liveRoutes } from './live.ts';
import { logRoutes } from './log.ts';
import { LogReaders } from './log-readers.ts';
import type { Listening } from './listening.ts';
import { metricRoutes } from './metrics.ts';
import { oidcRoutes, type OidcParts } from './oidc.ts';
import { openApi } from './openapi.ts';
import { opsRoutes } from './ops-live.ts';
import { patientRoutes, type PatientParts } from './patients.ts';
import { prometheusRoutes } from './prometheus.ts';
import { RequestCounts } from './request-counts.ts';
import type { Route } from './routes.ts';
import { startApi } from './server.ts';
import { setUpRoutes, type SetUpParts } from './set-up.ts';
import { snapshotRoutes, type SnapshotParts } from './snapshots.ts';
import { sourceRoutes, type SourceParts } from './sources.ts';
import { stationRoutes, type StationParts } from './station.ts';
import { Standing } from './standing.ts';
import { statusRoutes, type StatusParts } from './status.ts';
import { WaitingFiles } from './waiting-files.ts';

/** What of a running core the API speaks of. */
export interface ApiParts {
  readonly listening: Listening;
  readonly version: string;
  readonly hub: Hub;
  /** What Vigil announces, to who follows it. */
  readonly ops: OpsLive;
  readonly rendererDir: string | undefined;
  readonly reader: ReaderThread;
  /** Another, for what takes so long that no question should wait behind it. */
  readonly slow: ReaderThread;
  readonly local: LocalToken;
  readonly access: AccessThread;
  readonly audit: AuditDesk;
  readonly status: Omit<StatusParts, 'document'>;
  readonly sources: SourceParts;
  readonly config: ConfigParts;
  readonly updateSnapshots: SnapshotParts['update'];
  readonly patients: PatientParts;
  readonly setUp: SetUpParts;
  readonly station: StationParts;
  readonly oidc: Pick<OidcParts, 'settings' | 'secretDirs'>;
  /** The site's clock and what is wrong now. */
  readonly running: { now(): number; troubles(): readonly Trouble[] };
  /** The present, and how often it has changed. */
  readonly site: { context(): ViewContext; changes(): number };
  readonly log: (line: string) => void;
}

/** Every operation of the API with its handler. */
function allRoutes({ hub, ops, oidc, log, reader, access, status, sources, config, patients, setUp, station, running, site, slow, updateSnapshots, version }: ApiParts, { requests, standing, readers, files }: { requests: RequestCounts; standing: Standing; readers: LogReaders; files: WaitingFiles }): Route[] {
  const kept = new KeptAnswers(site.changes);
  const analytics = analyticsOf(reader, site);
  let document: Answered<typeof getOpenApi> | undefined;
  const routes: Route[] = [
    ...statusRoutes({ ...status, document: () => (document ??= openApi(routes.map(({ operation }): Operation => operation), version)) }),
    ...boardRoutes(site, kept),
    ...accessRoutes(access, () => oidc.settings()?.title),
    ...oidcRoutes({ ...oidc, access, log }),
    ...auditRoutes(access),
    ...metricRoutes(reader, running),
    ...snapshotRoutes({ reader, slow, site, kept, update: updateSnapshots }),
    ...analyticsRoutes(analytics),
    ...prometheusRoutes({ health: status.health, records: sources.records, now: running.now, requests }),
    ...sourceRoutes(sources),
    ...eventRoutes({ reader: slow, ask: sources.ask, now: running.now }),
    ...logRoutes({ id: sources.id, reader: slow, file: config.log, readers }),
    ...liveRoutes(hub, standing),
    ...opsRoutes(ops, standing),
    ...configRoutes(config, askAccess(access)),
    ...setUpRoutes(setUp, access),
    ...stationRoutes(station),
    ...patientRoutes(patients),
    ...exportRoutes({ reader, access, analytics, files, site: () => site.context().house.site }),
  ];
  return routes;
}

/** Starts the Command API of a core. Throws, naming the port, if it is taken. */
export async function startCommandApi(parts: ApiParts): Promise<Awaited<ReturnType<typeof startApi>> & { readonly files: WaitingFiles }> {
  const requests = new RequestCounts();
  const standing = new Standing((secret) => parts.access.call('look', secret));
  const readers = new LogReaders(parts.audit);
  const files = new WaitingFiles();
  const { url, close } = await startApi({ ...parts, requests, standing, files, routes: allRoutes(parts, { requests, standing, readers, files }), identify: identifier(parts) });
  return { url, files, close: async () => {
    await close();
    await readers.close();
  } };
}
