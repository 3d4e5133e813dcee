/**
 * Views for tools that read the store's file beside a running core: stable names, plain columns. A moment stands twice,
 * as ISO 8601 in UTC and as epoch ms (`_ms`). They hold counts, codes, figures and times: no identifier of a person or
 * a stay, not even its pseudonym. Described in docs/bi.md.
 */
const moment = (column: string, name: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch') AS ${name}, ${column} AS ${name}_ms`;

/** A column of the same name; `*` marks a moment. */
const plain = (names: string): string => names.split(/\s+/).map((name) => (name.endsWith('*') ? moment(`s.${name.slice(0, -1)}`, name.slice(0, -1)) : `s.${name}`)).join(', ');

const subject = (fields: readonly string[]): string => fields.map((field, i) => `NULLIF(json_extract(k.subject, '$[${i}]'), '') AS ${field}`).join(', ');

/** The rows of a family, each from its moment until the next of its subject. The subject comes first: its rows are found by key. */
const snapshots = (view: string, family: string, table: string, fields: readonly string[], columns: string): string => `
CREATE VIEW ${view} AS SELECT k.subject_id, ${subject(fields)}, ${moment('s.at', 'at')},
  ${moment(`(SELECT MIN(n.at) FROM ${table} n WHERE n.subject_id = s.subject_id AND n.at > s.at)`, 'until')},
  ${plain(columns)}, r.reasons AS unknown_reasons
FROM snapshot_subject k CROSS JOIN ${table} s ON s.subject_id = k.subject_id LEFT JOIN snapshot_reason r ON r.reason_id = s.unknown
WHERE k.family = '${family}';`;

const series = (view: string, table: string, columns: string): string => `
CREATE VIEW ${view} AS SELECT m.series_id,
  CASE INSTR(m.series, '@') WHEN 0 THEN m.series ELSE SUBSTR(m.series, 1, INSTR(m.series, '@') - 1) END AS metric,
  CASE INSTR(m.series, '@') WHEN 0 THEN NULL ELSE SUBSTR(m.series, INSTR(m.series, '@') + 1) END AS scope,
  ${moment('s.at', 'at')}, ${columns}
FROM metric_series m CROSS JOIN ${table} s ON s.series_id = m.series_id;`;

const rollup = 's.min, s.max, s.sum / NULLIF(s.count, 0) AS mean, s.last, s.count, s.unknown';

export const biViews = `
CREATE VIEW bi_source AS SELECT s.source_id, s.source AS kind, s.instance, s.uri, s.title, s.state, s.registered_by, ${moment('s.first_contact', 'first_contact')},
  ${moment('s.last_contact', 'last_contact')}, ${moment('s.last_event_time', 'last_event')}, s.interval_s, s.silence_limit_s, s.expected_per_hour, s.lag_ms, s.smoothed_lag_ms,
  s.accepted, s.duplicates, s.refused, s.waiting, s.held, s.overflowed
FROM ops_event_source s;
CREATE VIEW bi_watched AS SELECT ${moment('s.since', 'since')}, ${moment('s.until', 'until')} FROM snapshot_watch s;
${snapshots('bi_hospital_unit', 'hospital-unit', 'hospital_unit', ['unit'], 'name kind level capacity configured')}
${snapshots('bi_unit', 'unit', 'unit_snapshot', ['unit'], `staffed occupied available dirty cleaning blocked reserved unspoken waiting ventilated step_down_ready pending_discharges
  pending_transfers_out pending_transfers_in assigned_admissions holds beds_available beds_occupancy_rate beds_occupancy_after_decisions unit_acuity_index`)}
${snapshots('bi_bed', 'bed', 'bed_snapshot', ['unit', 'bed'], `status since* reason expected_until* isolation contaminated acuity ventilated leaving moving boarding_since*
  incoming_since* incoming_expected_at* conflict_source conflict_says constructed`)}
${snapshots('bi_or_status', 'or-status', 'or_status_snapshot', ['room'], `status since* reason expected_until* running cases_left or_predicted_end* or_rooms_after_prime_time
  or_first_case_on_time_rate or_cases_scheduled or_cases_completed or_cases_cancelled or_turnover_p50`)}
${snapshots('bi_ed_status', 'ed-status', 'ed_status_snapshot', ['ed'], `ed_census ed_waiting ed_in_treatment ed_boarders ed_occupancy_rate ed_nedocs ed_edwin ed_lwbs_rate
  ed_door_to_provider_p50 ed_door_to_provider_p90 ed_boarding_time_p90 ed_length_of_stay_p50 ed_length_of_stay_p90 ed_ambulance_offload_p90`)}
${snapshots('bi_lab_workload', 'lab-workload', 'lab_workload_snapshot', ['priority'], 'lab_pending lab_overdue lab_turnaround_p50 lab_turnaround_p90 lab_order_turnaround_p90')}
${snapshots('bi_imaging_workload', 'imaging-workload', 'imaging_workload_snapshot', ['modality'], `imaging_pending imaging_turnaround_p50 imaging_turnaround_p90 imaging_order_to_study_p50
  imaging_order_to_study_p90`)}
${snapshots('bi_rcm_workload', 'rcm-workload', 'rcm_workload_snapshot', ['payer'], `rcm_preauth_pending rcm_claims_open rcm_claims_submitted rcm_claims_denied
  rcm_initial_denial_rate rcm_dnfb_days rcm_ar_days`)}
CREATE VIEW bi_kpi AS SELECT k.subject_id, ${subject(['period', 'metric', 'scope'])}, ${moment('s.at', 'at')}, ${moment('s.until', 'until')},
  s.value, s.count, s.excluded, s.mean, s.p50, s.p90, s.max, s.within, r.reasons AS unknown_reasons
FROM snapshot_subject k CROSS JOIN ops_kpi s ON s.subject_id = k.subject_id LEFT JOIN snapshot_reason r ON r.reason_id = s.unknown
WHERE k.family = 'kpi';
${series('bi_sample', 'metric_sample', 's.value')}
${series('bi_series_15m', 'metric_rollup_15m', rollup)}
${series('bi_series_1h', 'metric_rollup_1h', rollup)}
${series('bi_series_1d', 'metric_rollup_1d', rollup)}
`;
