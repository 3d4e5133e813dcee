import { describe, expect, it, vi } from 'vitest';
import { eventTypes } from '#shared/events/registry.ts';
import { sourceName } from '#shared/events/envelope.ts';
import { boardingSince } from '#core/domain/ed/presence.ts';
import { unitNow } from '#core/domain/units/now.ts';
import { createRandom } from '#core/simulate/engine/random.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';
import { SITE, demo } from './demo.ts';
import { Folded } from './folded.ts';

// Days of a hospital are computed, on machines that do other things too.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const FAMILIES: Record<string, string> = { adt: 'ehr', bed: 'bed', ed: 'ed', or: 'or', icu: 'icu', lab: 'lis', imaging: 'ris', pharmacy: 'pharmacy', rcm: 'rcm', unit: 'staff' };

describe('the demo hospital', () => {
  it('gives one course for one seed, byte by byte, and another for another', () => {
    const course = (seed: string) => {
      const { hospital, sent } = demo({ seed });
      hospital.run(hospital.now + 8 * HOUR);
      return sent.map(({ at, envelope }) => `${at} ${JSON.stringify(envelope)}`).join('\n');
    };
    const [one, again, other] = [course('1'), course('1'), course('2')];
    expect(again === one).toBe(true);
    expect(other === one).toBe(false);
  });

  it('is the same whether it runs in one go or step by step', () => {
    const [whole, stepwise] = [demo(), demo()];
    const until = whole.hospital.now + 6 * HOUR;
    whole.hospital.run(until);
    while (stepwise.hospital.next <= until) stepwise.hospital.step();
    expect(stepwise.sent).toEqual(whole.sent);
  });

  it('sends only event types of the contract, from the source that owns them, each with data that passes its schema', () => {
    const { hospital, sent } = demo();
    hospital.run(hospital.now + 30 * HOUR);
    const seen = new Set<string>();
    for (const { envelope } of sent) {
      const { type, source, data } = envelope;
      seen.add(type);
      const parsed = eventTypes.get(type)?.data.safeParse(data);
      expect(parsed?.success, `${type} ${JSON.stringify(data)} ${parsed?.error?.message}`).toBe(true);
      // Strict: a field that no schema names would silently be dropped on the way in.
      const unknown = Object.keys(data).filter((key) => !Object.hasOwn(eventTypes.get(type)!.data.shape, key));
      expect(unknown, type).toEqual([]);
      const family = type.slice(0, type.indexOf('.'));
      if (family !== 'source') expect(sourceName(source), type).toBe(FAMILIES[family]);
    }
    // Everything a hospital of its kind says in a day and a quarter; rarer corrections need longer.
    const rare = ['adt.leave-started', 'adt.leave-ended', 'adt.transfer-cancelled', 'adt.discharge-cancelled', 'adt.admit-cancelled', 'adt.merged', 'bed.released', 'ed.left-without-being-seen', 'ed.ventilator-status-changed', 'unit.status-changed'];
    const expected = [...eventTypes.keys()].filter((type) => Object.hasOwn(FAMILIES, type.slice(0, type.indexOf('.'))) && !rare.includes(type));
    expect(expected.filter((type) => !seen.has(type))).toEqual([]);
  });

  it('gives each event an identity of its own and each source a sequence that grows', () => {
    const { hospital, sent } = demo();
    hospital.run(hospital.now + 4 * HOUR);
    const ids = new Set(sent.map(({ envelope }) => `${envelope.source} ${envelope.id}`));
    expect(ids.size).toBe(sent.length);
    const last = new Map<string, number>();
    for (const { envelope } of sent) {
      expect(envelope.sequence).toBe((last.get(envelope.source) ?? 0) + 1);
      last.set(envelope.source, envelope.sequence);
    }
  });

  it('loses nobody: admitted are those discharged and those in the house', () => {
    const { hospital } = demo();
    for (let day = 0; day < 4; day++) {
      hospital.run(hospital.now + 24 * HOUR);
      const { admitted, discharged, inHouse } = hospital.truth();
      expect(admitted).toBe(discharged + inHouse);
      expect(discharged).toBeGreaterThan(0);
    }
  });

  it('runs as full as a hospital does on usual days, and sends patients home around noon', () => {
    const { hospital, sent } = demo();
    const begin = hospital.now;
    const beds = SITE.units.filter(({ kind }) => ['ward', 'icu', 'step_down'].includes(kind)).reduce((sum, unit) => sum + unit.beds.length, 0);
    expect(beds).toBe(612);
    for (let hour = 0; hour < 7 * 24; hour += 4) {
      hospital.run(begin + hour * HOUR);
      expect(hospital.truth().inHouse / beds).toBeGreaterThan(0.75);
      expect(hospital.truth().inHouse / beds).toBeLessThan(0.93);
    }
    const hours = sent.filter(({ envelope }) => envelope.type === 'adt.discharged').map(({ at }) => ((at - begin) / HOUR) % 24);
    const between = (from: number, to: number) => hours.filter((hour) => hour >= from && hour < to).length / hours.length;
    expect(between(9, 18)).toBeGreaterThan(0.7);
  });
});

describe('what Vigil folds from the events of the demo hospital', () => {
  it.each(['1', '2', '3'])('is what is so there, at moments by chance (seed %s)', (seed) => {
    const { hospital, sent } = demo({ seed });
    const folded = new Folded();
    const random = createRandom(`moments ${seed}`);
    for (let moment = 0; moment < 24; moment++) {
      hospital.run(hospital.now + random.next() * 5 * HOUR);
      folded.add(sent.splice(0));
      const { house } = folded;
      const truth = hospital.truth();
      const at = hospital.now;
      const inpatient = SITE.units.filter(({ kind }) => ['ward', 'icu', 'step_down'].includes(kind)).map(({ id }) => unitNow(house, id, at));
      const unclean = inpatient.reduce((sum, { dirty, cleaning }) => sum + dirty + cleaning, 0);
      const emergency = unitNow(house, 'ED', at);
      const visits = [...house.all('encounter').values()];
      expect({
        moment,
        patients: Object.fromEntries(inpatient.filter(({ occupied }) => occupied > 0).map(({ unit, occupied }) => [unit, occupied])),
        blocked: inpatient.reduce((sum, { blocked }) => sum + blocked, 0),
        ventilated: inpatient.reduce((sum, { ventilated }) => sum + ventilated, 0),
        leaving: inpatient.reduce((sum, { pendingDischarges }) => sum + pendingDischarges, 0),
        stepDownReady: inpatient.reduce((sum, one) => sum + one.stepDownReady, 0),
        waiting: emergency.waiting,
        treatedOrBoarding: emergency.occupied,
        boarding: visits.filter((visit) => boardingSince(visit) !== undefined).length,
        rooms: [...house.all('or-case').values()].filter(({ inRoomAt, outOfRoomAt }) => inRoomAt !== undefined && outOfRoomAt === undefined).map(({ room }) => room).sort(),
        lab: folded.count('lab-order', ({ results, cancelledAt }) => results.length === 0 && cancelledAt === undefined),
        imaging: folded.count('imaging-order', ({ signedAt, cancelledAt }) => signedAt === undefined && cancelledAt === undefined),
        pharmacy: folded.count('pharmacy-order', ({ queuedAt, cancelledAt }) => queuedAt !== undefined && cancelledAt === undefined),
        dirtyOrCleaning: unclean,
      }).toEqual({
        moment,
        patients: Object.fromEntries([...truth.patients].filter(([, count]) => count > 0).sort(([a], [b]) => order(a) - order(b))),
        blocked: truth.blocked,
        ventilated: truth.ventilated,
        leaving: truth.leaving,
        stepDownReady: truth.stepDownReady,
        waiting: truth.ed.waiting,
        treatedOrBoarding: truth.ed.treated + truth.ed.boarding,
        boarding: truth.ed.boarding,
        rooms: [...truth.rooms].sort(),
        lab: truth.labPending,
        imaging: truth.imagingPending,
        pharmacy: truth.pharmacyPending,
        dirtyOrCleaning: truth.dirtyOrCleaning + truth.misplaced,
      });
    }
  });
});

const order = (unit: string) => SITE.units.findIndex(({ id }) => id === unit);
