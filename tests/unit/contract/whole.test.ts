import { describe, expect, it } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { resolves } from './resolve.ts';

/** Inputs of library entries that no definition computes yet: the contract has to carry them from the start. */
const LATER: Record<string, readonly string[]> = {
  'practice.on_time_rate': ['booking.appointment-scheduled.scheduledStart', 'booking.rescheduled.scheduledStart', 'flow.seated@time', 'flow.seated.appointment', 'flow.seated.provider'],
  'practice.wait': ['flow.checked-in@time', 'flow.seated@time'],
  'practice.chair_utilisation': ['flow.seated.chair', 'flow.checked-out@time', 'site.practice.chairs.id', 'site.practice.hours.from', 'resource.status-changed.status'],
  'practice.no_show_rate': ['booking.no-show@time', 'booking.appointment-scheduled@time', 'booking.cancelled@time'],
  'practice.production_per_hour': ['flow.treatment-completed.production', 'flow.treatment-completed.chair', 'flow.seated@time'],
  'practice.wip': ['flow.called@time', 'flow.treatment-started@time', 'flow.treatment-completed@time', 'site.practice.wipLimits'],
  'alerts.resolution_time': ['ops.alert-triggered@time', 'ops.alert-resolved@time', 'ops.alert-triggered.domain', 'ops.alert-triggered.severity', 'ops.alert-triggered.rule'],
  'alerts.acknowledge_time': ['ops.alert-triggered@time', 'ops.alert-acknowledged@time'],
  'alerts.escalation_rate': ['ops.alert-escalated@time', 'ops.alert-triggered@time'],
  'alarms.standing': ['ops.alert-triggered@time', 'ops.alert-resolved@time', 'ops.alert-acknowledged.by.role', 'ops.alert-acknowledged.by.station'],
  'alarms.chattering': ['ops.alert-triggered.rule', 'ops.alert-triggered.scope', 'ops.alert-resolved@time'],
};

/** Attributes of the domain notes, and the field each comes from. */
const ATTRIBUTES: Record<string, readonly string[]> = {
  'bed state': ['bed.status-changed.status'],
  'reason of a block': ['bed.blocked.reason', 'bed.status-changed.reason'],
  'cleaning once started': ['bed.cleaning-started@time'],
  isolation: ['adt.updated.isolation', 'bed.status-changed.isolation'],
  contamination: ['bed.status-changed.contaminated'],
  acuity: ['adt.updated.acuity', 'icu.acuity-changed.acuity'],
  ventilation: ['icu.ventilator-status-changed.ventilated', 'ed.ventilator-status-changed.ventilated'],
  'pending discharge': ['adt.discharge-pending@time', 'adt.discharge-pending.expectedAt'],
  'pending transfer': ['adt.transfer-pending.to.unit'],
  'pending admission': ['ed.admission-decided@time', 'ed.bed-requested.toUnit', 'bed.reserved.encounter'],
  'OR hold': ['or.bed-hold-requested.unitKind', 'or.bed-hold-requested.neededAt', 'or.bed-hold-released@time'],
  'staffed beds': ['unit.staffing-reported.staffedBeds', 'site.units.beds'],
  'boarding until departure': ['ed.departed@time'],
  'start and priority of a turnaround': ['lab.specimen-collected@time', 'lab.result-reported.priority', 'imaging.study-completed@time', 'imaging.order-created.priority'],
  'freshness of a source': ['source.registered.intervalSeconds', 'source.registered.silenceLimitSeconds', 'source.heartbeat@time', 'site.sourceIntervalSeconds'],
  'zone of the walls': ['site.timezone'],
  thresholds: ['site.thresholds'],
};

describe('the contract is whole', () => {
  it.each([...metricDefinitions.values()].map(({ id, inputs }) => [id, inputs] as const))('every input of %s is an event field or a configuration key', (_, inputs) => {
    expect(inputs.length).toBeGreaterThan(0);
    expect(inputs.filter((input) => !resolves(input))).toEqual([]);
  });
  it.each(Object.entries(LATER))('every input of %s is there for later', (_, inputs) => {
    expect(inputs.filter((input) => !resolves(input))).toEqual([]);
  });
  it.each(Object.entries(ATTRIBUTES))('%s comes from named fields', (_, inputs) => {
    expect(inputs.filter((input) => !resolves(input))).toEqual([]);
  });
  it('would notice a field, type or key that is not there', () => {
    for (const missing of ['adt.admitted.location.floor', 'adt.arrived@time', 'bed.reserved', 'site.units.colour', 'site.nothing', 'time']) expect(resolves(missing)).toBe(false);
  });
});
