import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { bedNow } from '../../../electron/core/domain/beds/now.ts';
import { evolve, isFolded } from '../../../electron/core/domain/evolve.ts';
import { House } from '../../../electron/core/domain/house.ts';
import type { EncounterState, EntityStates, FoldedKind } from '../../../electron/core/domain/states.ts';
import { unitIds, unitNow } from '../../../electron/core/domain/units/now.ts';
import { folded, frozen } from './given.ts';

const START = Date.parse('2026-01-10T00:00:00Z');
const MINUTE = 60_000;
const units = ['4E', '5W', 'MICU', 'ED'] as const;
const beds = ['1', '2'] as const;
const kinds = { '4E': 'ward', '5W': 'ward', MICU: 'icu', ED: 'ed' } as const;

const unit = fc.constantFrom(...units);
const bed = fc.constantFrom(...beds);
const location = fc.record({ unit, bed: fc.option(bed, { nil: undefined }), known: fc.boolean() }).map(({ unit: u, bed: b, known }) => ({
  unit: u,
  ...(known ? { unitKind: kinds[u] } : {}),
  ...(b === undefined ? {} : { bed: b }),
}));

/** Small values for every field that decides something; all else comes from the type's example. */
const variation = fc.record({
  location,
  to: location,
  unit,
  bed,
  toUnit: unit,
  status: fc.nat(20),
  reserve: fc.boolean(),
  ventilated: fc.boolean(),
  acuity: fc.integer({ min: 1, max: 4 }),
  pending: fc.constantFrom('discharge', 'transfer'),
});

function withVariation(type: string, v: Record<string, unknown>): Record<string, unknown> {
  const known = eventTypes.get(type)!;
  const { shape } = known.data;
  const data: Record<string, unknown> = { ...known.example };
  for (const name of ['location', 'to', 'unit', 'bed', 'toUnit', 'ventilated', 'acuity', 'pending']) if (name in shape) data[name] = v[name];
  const status = shape['status'];
  if (status && 'options' in status) data['status'] = (status.options as string[])[(v['status'] as number) % (status.options as string[]).length];
  if ('encounter' in shape) data['encounter'] = v['reserve'] ? 'V1' : 'V2';
  return known.data.parse(data);
}

/** Events of any kind of entity, at few times, so that ties and contradictions are common. */
const eventOf = (types: readonly string[]) =>
  fc
    .record({ type: fc.constantFrom(...types), minute: fc.nat(30), sequence: fc.option(fc.nat(3), { nil: undefined }), source: fc.constantFrom('ehr', 'bed', 'vigil'), variation })
    .map(({ type, minute, sequence, source, variation: v }) => ({
      source: `//local/main/${source}/1`,
      type,
      time: START + minute * MINUTE,
      ...(sequence === undefined ? {} : { sequence }),
      data: withVariation(type, v),
    }));

const numbered = (events: readonly Omit<DomainEvent, 'id'>[]): DomainEvent[] => events.map((event, i) => ({ ...event, id: `e${i}` }));
const typesOf = (kind: FoldedKind) => [...eventTypes.values()].filter((type) => type.entity.kind === kind && isFolded(type.type)).map((type) => type.type);
const foldedKinds = [...new Set([...eventTypes.values()].filter((type) => isFolded(type.type)).map((type) => type.entity.kind as FoldedKind))];
const historyOf = (kind: FoldedKind) => fc.array(eventOf(typesOf(kind)), { minLength: 1, maxLength: 14, size: 'max' }).map(numbered);

describe.each(foldedKinds)('any history of one %s', (kind) => {
  it('ends in one state, whatever order its events arrive in', () => {
    fc.assert(
      fc.property(
        historyOf(kind).chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }))),
        ([events, shuffled]) => {
          // Late events refold their entity: after each arrival the state is that of what is known so far.
          const arrived: DomainEvent[] = [];
          let state: unknown;
          for (const event of shuffled) {
            const last = [...arrived].sort(compareEvents).at(-1);
            arrived.push(event);
            state = last && compareEvents(event, last) < 0 ? folded(arrived) : evolve(state, event);
          }
          expect(JSON.stringify(state)).toBe(JSON.stringify(folded(events)));
        },
      ),
    );
  });

  it('folds the same through JSON between all steps, and changes no argument', () => {
    fc.assert(
      fc.property(historyOf(kind), (events) => {
        const ordered = [...events].sort(compareEvents);
        const stored = ordered.reduce<string | undefined>((text, event) => {
          const state = text === undefined ? undefined : frozen(JSON.parse(text) as unknown);
          return JSON.stringify(evolve(state, frozen(JSON.parse(JSON.stringify(event)) as DomainEvent)));
        }, undefined);
        const state = folded(events);
        expect(stored).toBe(JSON.stringify(state));
        expect(JSON.parse(stored!)).toStrictEqual(state);
      }),
    );
  });
});

describe('any history of an encounter', () => {
  it('places a patient in one place at a time', () => {
    fc.assert(
      fc.property(historyOf('encounter'), (events) => {
        const { adt } = folded(events) as EncounterState;
        if (!adt) return;
        adt.stays.forEach((stay, i) => {
          const next = adt.stays[i + 1];
          if (next) expect(stay.to).toBeLessThanOrEqual(next.from);
          if (stay.to !== undefined) expect(stay.to).toBeGreaterThanOrEqual(stay.from);
        });
        const open = adt.stays.filter((stay) => stay.to === undefined);
        if (adt.status === 'discharged' || adt.status === 'cancelled') expect(open).toEqual([]);
        else expect(open.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a house', () => {
  const site = siteConfigSchema.parse({ units: [{ id: '4E', name: '4E', kind: 'ward', beds: ['1'] }, { id: 'ED', name: 'ED', kind: 'ed' }] });
  const anyTypes = foldedKinds.filter((kind) => ['encounter', 'bed', 'unit', 'or-case'].includes(kind)).flatMap(typesOf);

  const shown = (house: House) =>
    unitIds(house).map((id) => {
      const now = unitNow(house, id, START);
      return { ...now, beds: [...now.beds].sort((a, b) => (a.bed < b.bed ? -1 : 1)) };
    });

  it('that grew by steps shows what a house shows that was filled with the end', () => {
    fc.assert(
      fc.property(fc.array(eventOf(anyTypes), { minLength: 1, maxLength: 40 }).map(numbered), (events) => {
        const grown = new House(site);
        const states = new Map<string, { kind: FoldedKind; id: string; state: unknown }>();
        for (const event of [...events].sort(compareEvents)) {
          const { entity } = eventTypes.get(event.type)!;
          const kind = entity.kind as FoldedKind;
          const id = entity.id(event.data);
          const state = evolve(states.get(`${kind} ${id}`)?.state, event);
          states.set(`${kind} ${id}`, { kind, id, state });
          grown.put(kind, id, state as EntityStates[typeof kind]);
          shown(grown);
        }
        const filled = new House(site);
        for (const { kind, id, state } of [...states.values()].reverse()) filled.put(kind, id, state as EntityStates[typeof kind]);
        expect(shown(grown)).toEqual(shown(filled));
      }),
    );
  });

  it('is empty again when everything is forgotten', () => {
    fc.assert(
      fc.property(historyOf('encounter'), historyOf('bed'), (encounterEvents, bedEvents) => {
        const house = new House(site);
        house.put('encounter', 'V1', folded(encounterEvents) as EncounterState);
        house.put('bed', '4E/1', folded(bedEvents) as EntityStates['bed']);
        bedNow(house, '4E/1', START);
        house.put('encounter', 'V1', undefined);
        house.put('bed', '4E/1', undefined);
        expect(shown(house)).toEqual(shown(new House(site)));
      }),
    );
  });
});
