import fc from 'fast-check';
import { expect, it } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import { pastUses } from '../../../electron/core/domain/beds/past-use.ts';
import { House } from '../../../electron/core/domain/house.ts';
import type { EntityStates } from '../../../electron/core/domain/states.ts';

type Encounter = EntityStates['encounter'];

const HOUR = 3_600_000;
const BEDS = ['1', '2'];
const stay = fc.record({ bed: fc.constantFrom(...BEDS, undefined), from: fc.nat(9), hours: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }) });
const state: fc.Arbitrary<Encounter> = fc
  .array(stay, { maxLength: 3 })
  .map((stays) => ({ adt: { status: 'active', stays: stays.map(({ bed, from, hours }) => ({ unit: '4E', unitKind: 'ward', from: from * HOUR, ...(bed === undefined ? {} : { bed }), ...(hours === undefined ? {} : { to: (from + hours) * HOUR }) })) } }) as Encounter);
const step = fc.oneof(
  fc.record({ does: fc.constant('put' as const), id: fc.constantFrom('A', 'B', 'C'), state: fc.option(state, { nil: undefined }) }),
  fc.record({ does: fc.constant('let go' as const), id: fc.constantFrom('A', 'B', 'C'), state: fc.constant(undefined) }),
);

it('given stays that come, change, are withdrawn and leave memory, when a bed is asked for, then it says what reading all of them would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const house = new House(siteConfigSchema.parse({ units: [] }));
      // By bed: the last use of those that left memory, and whose it was.
      const gone = new Map<string, { id: string; takenAt: number; vacatedAt: number }>();
      for (const { does, id, state: next } of steps) {
        const before = house.get('encounter', id);
        if (does === 'put') {
          house.put('encounter', id, next);
          if (next) for (const [bed, use] of gone) if (use.id === id) gone.delete(bed);
        } else if (before) {
          house.letGo('encounter', id);
          for (const { bed, takenAt, vacatedAt } of pastUses(before.adt)) {
            const known = gone.get(bed);
            if (!known || vacatedAt > known.vacatedAt || (vacatedAt === known.vacatedAt && takenAt > known.takenAt)) gone.set(bed, { id, takenAt, vacatedAt });
          }
        }
        for (const bed of BEDS) {
          const stays = [...house.all('encounter').values()].flatMap(({ adt }) => adt?.stays ?? []).filter((one) => one.bed === bed);
          const past = gone.get(bed);
          const taken = [...stays.map(({ from }) => from), ...(past ? [past.takenAt] : [])];
          const vacated = [...stays.flatMap(({ to }) => (to === undefined ? [] : [to])), ...(past ? [past.vacatedAt] : [])].sort((a, b) => a - b);
          expect(house.takenAt(`4E/${bed}`)).toBe(taken.length > 0 ? Math.max(...taken) : undefined);
          expect(house.vacated(`4E/${bed}`)).toEqual(vacated);
          expect(house.bedsOfUnit('4E').has(bed)).toBe(taken.length > 0);
        }
      }
    }),
    { numRuns: 500 },
  );
});
