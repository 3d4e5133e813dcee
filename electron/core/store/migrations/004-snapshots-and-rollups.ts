/**
 * Samples by series number with rollups beside them, and the nine snapshot families. Every row of a snapshot table
 * speaks of `subject_id` from `at` (epoch ms) until its next row; `unknown` names why its NULLs are NULL.
 */
export const snapshotsAndRollups = `
CREATE TABLE metric_series (series_id INTEGER PRIMARY KEY, series TEXT NOT NULL UNIQUE);
INSERT INTO metric_series (series) SELECT DISTINCT series FROM metric_sample;
CREATE TABLE metric_sample_by_number (
  series_id INTEGER NOT NULL REFERENCES metric_series,
  at INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (series_id, at)
) WITHOUT ROWID;
INSERT INTO metric_sample_by_number SELECT series_id, at, value FROM metric_sample JOIN metric_series USING (series);
DROP TABLE metric_sample;
ALTER TABLE metric_sample_by_number RENAME TO metric_sample;
${['15m', '1h', '1d'].map((step) => `
CREATE TABLE metric_rollup_${step} (
  series_id INTEGER NOT NULL REFERENCES metric_series,
  at INTEGER NOT NULL,
  min REAL,
  max REAL,
  sum REAL,
  last REAL,
  count INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  PRIMARY KEY (series_id, at)
) WITHOUT ROWID;`).join('')}
CREATE TABLE history_horizon (history TEXT PRIMARY KEY, before INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE snapshot_subject (
  subject_id INTEGER PRIMARY KEY,
  family TEXT NOT NULL,
  subject TEXT NOT NULL
);
CREATE UNIQUE INDEX snapshot_subject_key ON snapshot_subject (family, subject);
CREATE TABLE snapshot_reason (reason_id INTEGER PRIMARY KEY, reasons TEXT NOT NULL UNIQUE);
CREATE TABLE snapshot_watch (since INTEGER PRIMARY KEY, until INTEGER NOT NULL);

${table('hospital_unit', 'name TEXT, kind TEXT, level TEXT, capacity INTEGER, configured INTEGER')}
${table('unit_snapshot', `staffed INTEGER, occupied INTEGER, available INTEGER, dirty INTEGER, cleaning INTEGER, blocked INTEGER, reserved INTEGER, unspoken INTEGER,
  waiting INTEGER, ventilated INTEGER, step_down_ready INTEGER, pending_discharges INTEGER, pending_transfers_out INTEGER, pending_transfers_in INTEGER,
  assigned_admissions INTEGER, holds INTEGER, beds_available REAL, beds_occupancy_rate REAL, beds_occupancy_after_decisions REAL, unit_acuity_index REAL`)}
${table('bed_snapshot', `status TEXT, since INTEGER, reason TEXT, expected_until INTEGER, isolation TEXT, contaminated INTEGER, acuity INTEGER, ventilated INTEGER,
  leaving INTEGER, moving INTEGER, boarding_since INTEGER, incoming_since INTEGER, incoming_expected_at INTEGER, conflict_source TEXT, conflict_says TEXT, constructed INTEGER`)}
${table('or_status_snapshot', `status TEXT, since INTEGER, reason TEXT, expected_until INTEGER, running INTEGER, cases_left INTEGER, or_predicted_end REAL,
  or_rooms_after_prime_time REAL, or_first_case_on_time_rate REAL, or_cases_scheduled REAL, or_cases_completed REAL, or_cases_cancelled REAL, or_turnover_p50 REAL`)}
${table('ed_status_snapshot', `ed_census REAL, ed_waiting REAL, ed_in_treatment REAL, ed_boarders REAL, ed_occupancy_rate REAL, ed_nedocs REAL, ed_edwin REAL, ed_lwbs_rate REAL,
  ed_door_to_provider_p50 REAL, ed_door_to_provider_p90 REAL, ed_boarding_time_p90 REAL, ed_length_of_stay_p50 REAL, ed_length_of_stay_p90 REAL, ed_ambulance_offload_p90 REAL`)}
${table('lab_workload_snapshot', 'lab_pending REAL, lab_overdue REAL, lab_turnaround_p50 REAL, lab_turnaround_p90 REAL, lab_order_turnaround_p90 REAL')}
${table('imaging_workload_snapshot', 'imaging_pending REAL, imaging_turnaround_p50 REAL, imaging_turnaround_p90 REAL, imaging_order_to_study_p50 REAL, imaging_order_to_study_p90 REAL')}
${table('rcm_workload_snapshot', `rcm_preauth_pending REAL, rcm_claims_open REAL, rcm_claims_submitted REAL, rcm_claims_denied REAL, rcm_initial_denial_rate REAL, rcm_dnfb_days REAL,
  rcm_ar_days REAL`)}
${table('ops_kpi', 'until INTEGER, value REAL, count INTEGER, excluded INTEGER, mean REAL, p50 REAL, p90 REAL, max REAL, within REAL')}
`;

function table(name: string, columns: string): string {
  return `CREATE TABLE ${name} (
  subject_id INTEGER NOT NULL REFERENCES snapshot_subject,
  at INTEGER NOT NULL,
  ${columns},
  unknown INTEGER REFERENCES snapshot_reason,
  PRIMARY KEY (subject_id, at)
) WITHOUT ROWID;`;
}
