import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import type { Items } from '#shared/link/messages.ts';
import { compareEvents } from '#shared/events/order.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { BED_STATUSES } from '#shared/events/types/bed.ts';
import { ROOM_STATUSES } from '#shared/events/types/or.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { evolve, isFolded } from '#core/domain/evolve.ts';
import { House } from '#core/domain/house.ts';
import type { EntityStates, FoldedKind } from '#core/domain/states.ts';
import { definitionOf } from '#core/metrics/evaluate.ts';
import type { Change } from '#core/views/context.ts';
import { sameExceptMoment } from '#core/views/same.ts';
import { applied, difference } from '#core/views/view.ts';
import { views } from '#core/views/views.ts';
import { contextOf, planOf } from './world.ts';

const START = Date.parse('2026-01-10T00:00:00Z');
const MINUTE = 60_000;
const NOW = START + 12 * 60 * MINUTE;
const beds = { '4E': ['1', '2'], MICU: ['1', '2'], ED: ['A1'] };
const plans = planOf(beds);
const site = siteConfigSchema.parse({
  units: [
    { id: '4E', name: '4E', kind: 'ward', beds: beds['4E'] },
    { id: 'MICU', name: 'MICU', kind: 'icu', beds: beds.MICU },
    { id: 'ED', name: 'ED', kind: 'ed', beds: beds.ED },
  ],
  or: { rooms: [{ id: '1' }] },
  wipLimits: [{ stage: 'beds-to-clean', unit: '4E', limit: 1 }, { stage: 'imaging-orders-pending', limit: 1 }, { stage: 'pharmacy-backlog', limit: 1 }],
  statuses: { bed: { KAP: { base: 'blocked', label: 'Out of service', reason: 'EQ' } }, room: {} },
});

const unit = fc.constantFrom('4E', 'MICU', 'ED', '9X');
const minute = fc.integer({ min: -300, max: 720 });
const instant = minute.map((m) => new Date(START + m * MINUTE).toISOString());
const identities = { encounter: fc.constantFrom('V1', 'V2', 'V3'), case: fc.constantFrom('C1', 'C2', 'C3'), order: fc.constantFrom('L1', 'L2'), room: fc.constantFrom('1', '2') };
/** Values for every field that decides something; the rest comes from the type's example. */
const variation = fc.record({
  ...identities,
  unit,
  bed: fc.constantFrom('1', '2', 'A1'),
  toUnit: unit,
  location: fc.record({ unit, bed: fc.constantFrom('1', '2') }),
  to: fc.record({ unit }),
  scheduledStart: instant,
  expectedStart: instant,
  scheduledMinutes: fc.integer({ min: 10, max: 300 }),
  staffedBeds: fc.nat(4),
  ventilated: fc.boolean(),
  choice: fc.nat(20),
});
const types = [...eventTypes.values()].filter(({ type }) => isFolded(type)).map(({ type }) => type);

/** Of status fields that take a site's own words too. */
const WORDS: Readonly<Record<string, string[]>> = { 'bed.status-changed': [...BED_STATUSES, 'KAP', 'Deep clean'], 'or.room-status-changed': [...ROOM_STATUSES, 'Late list'] };

function dataOf(type: string, varied: Record<string, unknown>): Record<string, unknown> {
  const { data, example } = eventTypes.get(type)!;
  const own = Object.keys(data.shape).filter((name) => name in varied);
  const { options = WORDS[type] } = (data.shape['status'] ?? {}) as { options?: string[] };
  const status = options ? { status: options[(varied['choice'] as number) % options.length] } : {};
  return data.parse({ ...example, ...Object.fromEntries(own.map((name) => [name, varied[name]])), ...status });
}

const history = fc
  .array(fc.record({ type: fc.constantFrom(...types), minute, variation }), { minLength: 1, maxLength: 40, size: 'max' })
  .map((told) => told.map(({ type, minute: m, variation: v }, i): DomainEvent => ({ source: '//local/main/ehr/1', id: `e${i}`, type, time: START + m * MINUTE, data: dataOf(type, v) })));

/** Events told one after the other, in any order: a late one refolds its entity. */
function teller(house: House) {
  const known = new Map<string, DomainEvent[]>();
  return (event: DomainEvent): Change => {
    const { entity } = eventTypes.get(event.type)!;
    const kind = entity.kind as FoldedKind;
    const id = entity.id(event.data as never);
    const events = [...(known.get(`${kind} ${id}`) ?? []), event].sort(compareEvents);
    known.set(`${kind} ${id}`, events);
    const before = house.get(kind, id);
    const after = events.reduce<unknown>((state, one) => evolve(state, one), undefined) as EntityStates[FoldedKind];
    house.put(kind, id, after as never);
    return { kind, id, before, after } as Change;
  };
}

/** Followed with every frame: everything but counts, rates and distributions. */
const isLive = (key: string) => !key.startsWith('kpi:') || definitionOf(key.slice(4).split('@')[0]!).kind === 'gauge';

describe.each([...views.keys()].filter((name) => name !== 'frame'))('view %s', (name) => {
  const view = views.get(name)!;

  it('shows after each frame what it would show from scratch', () => {
    fc.assert(
      fc.property(history, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 40, maxLength: 40 }), (events, frames) => {
        const house = new House(site);
        const tell = teller(house);
        let shown: Items = view.compute(contextOf(house, NOW, { plans }));
        const rest = [...events];
        for (let frame = 0; rest.length > 0; frame++) {
          const changes = rest.splice(0, frames[frame]).map(tell);
          shown = applied(shown, view.refresh(contextOf(house, NOW, { plans }), {}, changes, changes, shown));
          const full = view.compute(contextOf(house, NOW, { plans }));
          // A tile that follows each second may come, and push the last one of a full row out, with the next second.
          expect(Object.keys(full).filter(isLive).filter((key) => !(key in shown))).toEqual([]);
          expect(Object.keys(shown).filter((key) => !(key in full) && !key.startsWith('kpi:'))).toEqual([]);
          for (const key of Object.keys(full).filter(isLive)) {
            if (!sameExceptMoment(shown[key], full[key])) expect({ [key]: shown[key] }).toEqual({ [key]: full[key] });
          }
          expect(applied(shown, difference(shown, full))).toEqual(full);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('shows after a change of the site document what a house built with it shows', () => {
    const other = siteConfigSchema.parse({
      units: [
        { id: '4E', name: 'Four East', kind: 'icu', beds: ['2', '3'] },
        { id: '9X', name: '9X', kind: 'ed', beds: ['1'] },
      ],
      or: { rooms: [{ id: '2' }] },
      thresholds: { 'beds.occupancy_rate': { warn: 0.1, crit: 0.2 } },
      timezone: 'America/New_York',
      dirtyOnVacate: false,
      wipLimits: [{ stage: 'waiting-in-ed', limit: 1 }, { stage: 'ready-for-step-down', limit: 1 }],
      statuses: { bed: { KAP: { base: 'dirty', label: 'Used' }, 'Deep clean': { base: 'cleaning', label: 'Deep clean' } }, room: { 'Late list': { base: 'open', label: 'Late list' } } },
    });
    fc.assert(
      fc.property(history, fc.nat(40), (events, n) => {
        const [changed, fresh] = [new House(site), new House(other)];
        const tell = teller(changed);
        events.slice(0, n).forEach(tell);
        view.compute(contextOf(changed, NOW, { plans }));
        changed.configure(other);
        events.slice(n).forEach(tell);
        events.forEach(teller(fresh));
        expect(view.compute(contextOf(changed, NOW, { plans }))).toEqual(view.compute(contextOf(fresh, NOW, { plans })));
        expect([...changed.unitsWithBeds()].sort()).toEqual([...fresh.unitsWithBeds()].sort());
      }),
      { numRuns: 150 },
    );
  });

  it('says the same of the same house', () => {
    fc.assert(
      fc.property(history, (events) => {
        const [one, other] = [new House(site), new House(site)];
        events.forEach(teller(one));
        events.toReversed().forEach(teller(other));
        expect(view.compute(contextOf(other, NOW, { plans }))).toEqual(view.compute(contextOf(one, NOW, { plans })));
      }),
      { numRuns: 60 },
    );
  });
});
