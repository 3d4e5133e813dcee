import { getPrometheus } from '#shared/api/prometheus.ts';
import type { Health } from '#shared/api/status.ts';
import type { SourceRecord } from '#shared/sources.ts';
import { exposition, type Family, type Sample } from './exposition.ts';
import type { RequestCounts } from './request-counts.ts';
import { route, type Route } from './routes.ts';

export interface PrometheusParts {
  readonly health: () => Health;
  readonly records: () => readonly SourceRecord[];
  /** Of the site's clock, epoch ms. */
  readonly now: () => number;
  readonly requests: RequestCounts;
}

const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
const one = (value: number | null): Sample[] => [{ value }];

/** What the core counts and where it stands, by Prometheus' naming: base units, `_total` for counters. */
function families({ health, records, now }: PrometheusParts): Family[] {
  const { broker, store, backlog, commits, deadLetters, dropped, eventTime, pages, troubles, keeper } = health();
  const sources = records();
  const each = (value: (record: SourceRecord) => number | null): Sample[] => sources.map((record) => ({ labels: { source: record.kind, instance: record.instance }, value: value(record) }));
  const byOutcome = (outcome: string, value: (record: SourceRecord) => number): Sample[] => each(value).map((sample) => ({ ...sample, labels: { ...sample.labels, outcome } }));
  const wal = 'wal' in keeper ? Object.entries(keeper.wal).map(([file, { bytes }]) => ({ labels: { file }, value: bytes })) : [];
  return [
    { name: 'vigil_events_total', kind: 'counter', help: 'Events by source and what became of them.', samples: [...byOutcome('accepted', ({ accepted }) => accepted), ...byOutcome('duplicate', ({ duplicates }) => duplicates), ...byOutcome('refused', ({ refused }) => refused)] },
    { name: 'vigil_commits_total', kind: 'counter', help: 'Commits since the core started.', samples: one(commits) },
    { name: 'vigil_backlog_messages', kind: 'gauge', help: 'Messages that came and are not committed.', samples: one(backlog) },
    { name: 'vigil_dead_letters', kind: 'gauge', help: 'Refused messages that are kept.', samples: one(deadLetters) },
    { name: 'vigil_dead_letters_dropped_total', kind: 'counter', help: 'Refused messages that went because too many were kept.', samples: one(dropped.letters) },
    { name: 'vigil_newest_event_timestamp_seconds', kind: 'gauge', help: 'Time of the newest event, on the site\'s clock.', samples: one(seconds(eventTime)) },
    { name: 'vigil_clock_timestamp_seconds', kind: 'gauge', help: 'The site\'s clock.', samples: one(seconds(now())) },
    { name: 'vigil_source_lag_seconds', kind: 'gauge', help: 'Receive time less event time, smoothed over about the last 20 events.', samples: each(({ smoothedLagMs }) => seconds(smoothedLagMs)) },
    { name: 'vigil_source_last_contact_timestamp_seconds', kind: 'gauge', help: 'Last event or heartbeat of a source.', samples: each(({ lastContact }) => seconds(lastContact)) },
    { name: 'vigil_source_waiting_events', kind: 'gauge', help: 'Events that wait in quarantine.', samples: each(({ waiting }) => waiting) },
    { name: 'vigil_source_held_events', kind: 'gauge', help: 'Events that wait because they are ahead of the clock.', samples: each(({ held }) => held) },
    { name: 'vigil_sources', kind: 'gauge', help: 'Source instances that are known.', samples: one(sources.length) },
    { name: 'vigil_troubles', kind: 'gauge', help: 'Things that are wrong now.', samples: one(troubles.length) },
    { name: 'vigil_pages', kind: 'gauge', help: 'Views that pages look at.', samples: one(pages) },
    { name: 'vigil_broker_up', kind: 'gauge', help: '1 while the link to the broker is up.', samples: one(broker === 'connected' ? 1 : 0) },
    { name: 'vigil_store_up', kind: 'gauge', help: '1 while the store takes events.', samples: one(store === 'ok' ? 1 : 0) },
    { name: 'vigil_wal_bytes', kind: 'gauge', help: 'Size of the write-ahead log by file.', samples: wal },
  ];
}

/** The core as Prometheus scrapes it. */
export const prometheusRoutes = (parts: PrometheusParts): Route[] => [route(getPrometheus, () => exposition([...families(parts), ...parts.requests.families()]))];
