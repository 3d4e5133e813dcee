import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { envelopeSchema, type Envelope } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { floorPlanSchema } from '#shared/floorplan.ts';
import { siteConfigSchema } from '#shared/site.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SAMPLE = join(ROOT, 'resources/samples/real-day');
const site = siteConfigSchema.parse(parse(readFileSync(join(ROOT, 'resources/sites/sample.yaml'), 'utf8')));
const siteBeds = (name: string) => new Map(siteConfigSchema.parse(parse(readFileSync(join(ROOT, 'resources/sites', `${name}.yaml`), 'utf8'))).units.map((unit) => [unit.id, new Set(unit.beds)]));
const beds = siteBeds('sample');

const read = (part: string, name: string): Envelope[] =>
  gunzipSync(readFileSync(join(SAMPLE, part, `${name}.ndjson.gz`))).toString('utf8').trim().split('\n').map((line) => envelopeSchema.parse(JSON.parse(line)));
const parts = ['mimic-iv-demo', 'or-cases', 'constructed'];
const history = parts.flatMap((part) => read(part, 'history'));
const day = parts.flatMap((part) => read(part, 'day'));

/** Which site each plan is drawn for. */
const PLANS: Readonly<Record<string, string>> = { 'critical-care.json': 'sample', 'demo-critical-care.json': 'demo' };

describe.each(readdirSync(join(ROOT, 'floorplans')))('floor plan %s', (file) => {
  const beds = siteBeds(PLANS[file]!);
  const plan = floorPlanSchema.parse(JSON.parse(readFileSync(join(ROOT, 'floorplans', file), 'utf8')));

  it('names only beds of its site, each once', () => {
    for (const unit of plan.units) {
      const named = unit.beds.map(({ bed }) => bed);
      expect(new Set(named).size).toBe(named.length);
      expect(beds.get(unit.unit), unit.unit).toEqual(new Set(named));
    }
  });

  it('keeps beds apart and within their unit, and units within the plan', () => {
    const all = plan.units.flatMap((unit) => unit.beds.map((bed) => ({ ...bed, unit })));
    for (const [index, a] of all.entries()) {
      expect(a.x >= a.unit.x && a.y >= a.unit.y && a.x + a.w <= a.unit.x + a.unit.w && a.y + a.h <= a.unit.y + a.unit.h, `${a.unit.unit}/${a.bed}`).toBe(true);
      for (const b of all.slice(index + 1)) {
        const overlap = a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
        expect(overlap, `${a.unit.unit}/${a.bed} and ${b.unit.unit}/${b.bed}`).toBe(false);
      }
    }
    for (const unit of plan.units) expect(unit.x + unit.w <= plan.width && unit.y + unit.h <= plan.height).toBe(true);
  });

  it('puts every bed of a unit with pods in exactly one of them', () => {
    for (const unit of plan.units.filter(({ zones }) => zones.length > 0)) {
      expect(unit.zones.flatMap((zone) => zone.beds).sort()).toEqual(unit.beds.map(({ bed }) => bed).sort());
    }
  });
});

describe('the sample day', () => {
  it('holds valid events of known types under unique identities', () => {
    const identities = new Set<string>();
    for (const event of [...history, ...day]) {
      expect(() => eventTypes.get(event.type)!.data.parse(event.data), event.id).not.toThrow();
      identities.add(`${event.source} ${event.id}`);
    }
    expect(identities.size).toBe(history.length + day.length);
  });

  it('marks every event as constructed, since calendar or content is', () => {
    expect([...history, ...day].filter(({ constructed }) => !constructed)).toEqual([]);
  });

  it('begins after its history and stays within one day', () => {
    const latest = Math.max(...history.map(({ time }) => Date.parse(time)));
    const times = day.map(({ time }) => Date.parse(time));
    expect(Math.min(...times)).toBeGreaterThan(latest);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(24 * 3_600_000);
  });

  it('places patients only in beds of the site, one patient a bed', () => {
    const holder = new Map<string, string>();
    const where = new Map<string, string>();
    const placements = [...history, ...day].filter(({ type }) => /^adt\.(admitted|transferred|discharged)$/.test(type));
    placements.sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.sequence! - b.sequence!);
    for (const event of placements) {
      const encounter = event.data['encounter'] as string;
      const left = where.get(encounter);
      if (left && holder.get(left) === encounter) holder.delete(left);
      where.delete(encounter);
      const location = event.data['location'] as { unit: string; bed?: string } | undefined;
      if (event.type === 'adt.discharged' || !location?.bed) continue;
      const bed = `${location.unit}/${location.bed}`;
      expect(beds.get(location.unit)?.has(location.bed), bed).toBe(true);
      expect(holder.get(bed), `${bed} at ${event.time}`).toBeUndefined();
      holder.set(bed, encounter);
      where.set(encounter, bed);
    }
  });

  it('runs eight operating rooms and names each in the site document', () => {
    const rooms = new Set(day.filter(({ type }) => type === 'or.patient-in-room').map(({ data }) => data['room']));
    expect(rooms).toEqual(new Set(site.or.rooms.map(({ id }) => id)));
    expect(rooms.size).toBe(8);
  });
});
