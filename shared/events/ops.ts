import { alertOps } from './ops/alerts.ts';
import type { OpsEventType } from './ops/define.ts';
import { ingestOps } from './ops/ingest.ts';
import { insightOps } from './ops/insight.ts';
import { playbookOps } from './ops/playbooks.ts';
import { snapshotOps } from './ops/snapshots.ts';

/** Every ops event type, by wire name. */
export const opsEventTypes: ReadonlyMap<string, OpsEventType> = new Map(
  ([ingestOps, snapshotOps, alertOps, playbookOps, insightOps] as unknown as readonly (readonly OpsEventType[])[])
    .flat()
    .map((event) => [event.type, event] as const),
);

/** What Vigil tells of the events it takes in and of what it shows. */
export const OPS_NAMES = [...ingestOps, ...snapshotOps].map(({ type }) => type);

/** Wire name by constant, for systems that know the constants. */
export const opsTypeOf: ReadonlyMap<string, string> = new Map([...opsEventTypes.values()].map((event) => [event.constant, event.type]));
