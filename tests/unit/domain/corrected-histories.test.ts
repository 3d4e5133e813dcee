import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { bedNow } from '../../../electron/core/domain/beds/now.ts';
import { isOpen } from '../../../electron/core/domain/open.ts';
import type { House } from '../../../electron/core/domain/house.ts';
import type { EncounterState } from '../../../electron/core/domain/states.ts';
import { correctedHistories } from '../../fixtures/corrected-histories.ts';
import type { TestEnvelope } from '../../fixtures/envelopes.ts';
import { houseWith } from './given.ts';

const eventOf = ({ source, id, type, time, data }: TestEnvelope): DomainEvent => ({ source, id, type, time: Date.parse(time), data: eventTypes.get(type)!.data.parse(data) });
const houseOf = (events: readonly TestEnvelope[]): House => houseWith({}, ...events.map(eventOf));
const ORDERS = ['lab-order', 'imaging-order', 'pharmacy-order'] as const;

/** What a hospital would ask of an encounter, in one line a stay. */
function way({ adt }: EncounterState): unknown {
  const stays = adt!.stays.map(({ unit, bed, from, to }) => ({ unit, bed, from, to }));
  return { status: adt!.status, admittedAt: adt!.admittedAt, dischargedAt: adt!.dischargedAt, stays };
}

const holds = (check: (told: House, truth: House) => void) => fc.assert(fc.property(correctedHistories, ({ truth, told }) => check(houseOf(told), houseOf(truth))), { numRuns: 150 });

describe('a history that was told with mistakes and corrections', () => {
  it('leads to the stays, admissions and discharges that truly were', () => {
    holds((told, truth) => {
      for (const [id, state] of truth.all('encounter')) expect({ id, ...(way(told.get('encounter', id)!) as object) }).toEqual({ id, ...(way(state) as object) });
    });
  });
  it('counts as many in the house as were admitted and not discharged', () => {
    holds((told, truth) => {
      const inside = [...truth.all('encounter').values()].filter(({ adt }) => adt!.stays.length > 0 && adt!.dischargedAt === undefined);
      expect(told.present().size).toBe(inside.length);
      for (const [id, state] of told.all('encounter')) expect(isOpen('encounter', state)).toBe(told.present().has(id));
    });
  });
  it('puts no two patients in one bed', () => {
    holds((told) => {
      for (const unit of told.unitsWithBeds()) {
        for (const bed of told.bedsOfUnit(unit)) {
          expect(told.encountersInBed(`${unit}/${bed}`).size).toBeLessThanOrEqual(1);
          expect(bedNow(told, `${unit}/${bed}`, 0)).not.toHaveProperty('conflict');
        }
      }
    });
  });
  it('waits for the orders that truly wait, and each is pending or done but never both', () => {
    holds((told, truth) => {
      for (const kind of ORDERS) for (const [id, state] of truth.all(kind)) expect([id, isOpen(kind, told.get(kind, id))]).toEqual([id, isOpen(kind, state)]);
    });
  });
  it('tells mistakes of every kind', () => {
    const types = new Set(fc.sample(correctedHistories, { numRuns: 100, seed: 1 }).flatMap(({ truth, told }) => told.filter(({ type }) => !truth.some((one) => one.type === type)).map(({ type }) => type)));
    expect([...types]).toEqual(expect.arrayContaining(['adt.transfer-cancelled', 'adt.discharge-cancelled', 'lab.order-cancelled', 'imaging.order-cancelled', 'pharmacy.order-cancelled']));
  });
});
