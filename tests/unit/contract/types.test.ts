import { describe, expect, it } from 'vitest';
import { eventJsonSchema } from '#shared/events/json-schema.ts';
import { opsEventTypes, opsTypeOf } from '#shared/events/ops.ts';
import { phiPaths } from '#shared/events/phi.ts';
import { eventTypes } from '#shared/events/registry.ts';

/** The contract's list, by family. */
const LIST: Record<string, string> = {
  adt: 'admitted, transferred, discharged, leave-started, leave-ended, discharge-pending, transfer-pending, pending-cancelled, admit-cancelled, transfer-cancelled, discharge-cancelled, updated, merged',
  bed: 'status-changed, cleaning-requested, cleaning-started, cleaning-completed, blocked, unblocked, reserved, released',
  ed: 'arrived, triaged, roomed, provider-assigned, admission-decided, bed-requested, departed, left-without-being-seen, ambulance-expected, ambulance-arrived, ambulance-offloaded, ventilator-status-changed',
  or: 'case-scheduled, case-delayed, patient-in-room, case-started, case-completed, patient-out-of-room, case-cancelled, room-status-changed, bed-hold-requested, bed-hold-released',
  icu: 'admitted, transfer-ordered, discharged, ventilator-status-changed, acuity-changed',
  unit: 'staffing-reported, status-changed',
  source: 'registered, heartbeat',
  lab: 'order-created, specimen-collected, specimen-received, result-reported, order-cancelled',
  imaging: 'order-created, study-started, study-completed, report-signed, order-cancelled',
  pharmacy: 'order-queued, dispensed, order-cancelled',
  rcm: 'preauth-status-changed, claim-status-changed, denial-status-changed, ar-balance-reported, revenue-reported',
  booking: 'appointment-scheduled, rescheduled, cancelled, no-show',
  flow: 'checked-in, called, seated, treatment-started, treatment-completed, checked-out',
  resource: 'status-changed, telemetry-reported, maintenance-due',
  staff: 'shift-scheduled, clocked-in, clocked-out, break-started, break-ended, assigned, certification-expiring',
  billing: 'quote-issued, payment-received',
  comms: 'reminder-sent, delay-notified, reply-received',
};
const names = Object.entries(LIST).flatMap(([family, list]) => list.split(', ').map((name) => `${family}.${name}`));

const CONSTANTS = [
  'OPS_EVENT_INGESTED', 'OPS_EVENT_PROCESSED', 'OPS_EVENT_SOURCE_REGISTERED', 'UNIT_SNAPSHOT_UPDATED', 'BED_SNAPSHOT_UPDATED',
  'OR_STATUS_SNAPSHOT_UPDATED', 'ED_STATUS_SNAPSHOT_UPDATED', 'LAB_WORKLOAD_SNAPSHOT_UPDATED', 'IMAGING_WORKLOAD_SNAPSHOT_UPDATED',
  'RCM_WORKLOAD_SNAPSHOT_UPDATED', 'OPS_KPI_COMPUTED', 'OPS_ALERT_TRIGGERED', 'OPS_ALERT_ACKNOWLEDGED', 'OPS_ALERT_ASSIGNED',
  'OPS_ALERT_RESOLVED', 'OPS_ALERT_DISMISSED', 'OPS_ALERT_ESCALATED', 'OPS_PLAYBOOK_ACTIVATED', 'OPS_PLAYBOOK_STEP_COMPLETED',
  'OPS_PLAYBOOK_COMPLETED', 'OPS_AI_TASK_CREATED', 'OPS_AI_TASK_COMPLETED', 'OPS_AI_TASK_FAILED', 'OPS_AI_OUTPUT_CREATED',
];

describe('the contract', () => {
  it('has exactly the types of its list', () => {
    expect([...eventTypes.keys()].sort()).toEqual([...names].sort());
  });
  it('keeps the constants of the ops types, and none twice', () => {
    expect([...opsTypeOf.keys()]).toEqual(expect.arrayContaining(CONSTANTS));
    expect(opsTypeOf.size).toBe(opsEventTypes.size);
    for (const type of opsEventTypes.keys()) expect(type).toMatch(/^ops\.[a-z-]+$/);
  });
});

describe.each([...eventTypes.values()].map((type) => [type.type, type] as const))('%s', (name, type) => {
  it('has an example that its schema takes, and that names an entity', () => {
    const data = type.data.parse(type.example);
    expect(type.entity.id(data)).toMatch(/^.{1,200}$/);
    expect(type.describes).toMatch(/\.$/);
  });
  it('comes out of its schema as JSON, and goes through it again unchanged', () => {
    const data = type.data.parse(type.example);
    expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
    expect(type.data.parse(data)).toStrictEqual(data);
  });
  it('exports a JSON Schema that names the type and marks its personal fields', () => {
    const schema = eventJsonSchema(type) as { properties: Record<string, Record<string, unknown>> };
    expect(schema.properties['type']).toMatchObject({ const: name });
    expect(schema.properties['data']).toMatchObject({ type: 'object', examples: [type.example] });
    const marks = JSON.stringify(schema).match(/"x-phi":"(identifier|value)"/g) ?? [];
    expect(marks).toHaveLength(phiPaths(type.data).length);
    expect(JSON.stringify(schema)).not.toContain('"phi":');
  });
});

describe.each([...opsEventTypes.values()].map((type) => [type.type, type] as const))('%s', (_, type) => {
  it('has an example that its schema takes', () => {
    expect(() => type.data.parse(type.example)).not.toThrow();
  });
  it('marks persons where ingest finds them', () => {
    expect(() => phiPaths(type.data)).not.toThrow();
  });
});
