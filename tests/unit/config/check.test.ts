import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { checkSite } from '#shared/config/check.ts';

const faults = (document: unknown) => {
  const checked = checkSite(document);
  return checked.ok ? [] : checked.faults.map(({ path, message }) => `${path}: ${message}`);
};
const unit = (id: string, beds: string[] = []) => ({ id, name: id, kind: 'ward', beds });

describe('a site document', () => {
  it('is sound when it says nothing, and is then as by default', () => {
    expect(checkSite({})).toMatchObject({ ok: true, site: { tenant: 'local', timezone: 'UTC', units: [] } });
  });

  it.each([
    ['a mistyped key', { tresholds: {} }, /^tresholds: there is no such setting; here are .*thresholds/],
    ['a mistyped key within', { retention: { event: 3 } }, /^retention\.event: there is no such setting; here are events/],
    ['a mistyped key in a list', { units: [{ ...unit('4E'), bed: [] }] }, /^units\.0\.bed: /],
    ['a zone that is none', { timezone: 'Mars/Olympus' }, /^timezone: Mars\/Olympus is no time zone; give an IANA name/],
    ['a unit named twice', { units: [unit('4E'), unit('4E')] }, /^units\.1\.id: 4E stands here twice/],
    ['a bed named twice', { units: [unit('4E', ['1', '1'])] }, /^units\.0\.beds\.1: 1 stands here twice/],
    ['a room named twice', { or: { rooms: [{ id: '1' }, { id: '1' }] } }, /^or\.rooms\.1\.id: /],
    ['a source named twice', { sources: [{ kind: 'ehr', instance: 'a' }, { kind: 'ehr', instance: 'a' }] }, /^sources\.1: ehr\/a stands/],
    ['a threshold of no metric', { thresholds: { 'beds.occupancy@icu': { warn: 0.8 } } }, /^thresholds\.beds\.occupancy@icu: beds\.occupancy is no metric; those of beds are .*beds\.occupancy_rate/],
    ['a word of its own for a status that is none of its own', { statuses: { bed: { dirty: { base: 'cleaning', label: 'Dirty' } } } }, /^statuses\.bed\.dirty: dirty is a status of its own already/],
    ['a reason of a bed that is not blocked', { statuses: { bed: { KAP: { base: 'dirty', label: 'Used', reason: 'EQ' } } } }, /^statuses\.bed\.KAP\.reason: only a blocked bed has a reason; KAP is dirty/],
    ['a stage limited twice', { wipLimits: [{ stage: 'boarding', limit: 4 }, { stage: 'boarding', limit: 5 }] }, /^wipLimits\.1: boarding stands here twice/],
    ['a stage limited for a unit that is none', { units: [unit('4E')], wipLimits: [{ stage: 'beds-to-clean', unit: '4W', limit: 4 }] }, /^wipLimits\.0\.unit: 4W is no unit of this site; its units are 4E/],
    ['a stage limited for a unit of which nobody counts it', { units: [unit('4E')], wipLimits: [{ stage: 'boarding', unit: '4E', limit: 4 }] }, /^wipLimits\.0\.unit: boarding is counted for the whole site/],
    ['a window of no metric', { kpiWindows: { metrics: { 'lab.turn': '4h' } } }, /^kpiWindows\.metrics\.lab\.turn: lab\.turn is no metric; those of lab are .*lab\.turnaround/],
    ['a window of a number that has none', { kpiWindows: { metrics: { 'beds.occupied': '4h' } } }, /^kpiWindows\.metrics\.beds\.occupied: beds\.occupied is a number of this moment and looks back over nothing/],
    ['a window that is none', { kpiWindows: { metrics: { 'lab.turnaround': '3h' } } }, /^kpiWindows\.metrics\.lab\.turnaround: .*"day"\|"shift"\|"1h"/],
    ['a window of the shift where none begins', { kpiWindows: { metrics: { 'lab.turnaround': 'shift' } } }, /^kpiWindows\.metrics\.lab\.turnaround: name in kpiWindows\.shifts when shifts begin/],
    ['a shift named twice', { kpiWindows: { shifts: ['07:00', '07:00'] } }, /^kpiWindows\.shifts\.1: 07:00 stands here twice/],
    ['a shift at no time of the day', { kpiWindows: { shifts: ['24:00'] } }, /^kpiWindows\.shifts\.0: .*write HH:mm, such as 07:00/],
    ['a weight of no metric', { performanceWeights: { x: 1 } }, /^performanceWeights\.x: x is no metric; vigil metric lists/],
    ['a value of another sort', { retention: { events: 'long' } }, /^retention\.events: Invalid input: expected number/],
    ['no table at all', [], /a document is a table of settings/],
  ])('with %s is refused, and the fault says where and what to do', (_, document, fault) => {
    expect(faults(document)).toEqual([expect.stringMatching(fault)]);
  });

  it.each(['demo', 'sample'])('that ships (%s) is sound', (name) => {
    expect(faults(parse(readFileSync(`resources/sites/${name}.yaml`, 'utf8')))).toEqual([]);
  });

  it('tells every fault at once', () => {
    expect(faults({ timezone: 'X', units: [unit('4E', ['1', '1'])], colour: 1 })).toHaveLength(3);
  });
});
