import { expect, test } from 'vitest';
import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { snapshotSchema } from '#shared/snapshots/family.ts';
import { LastWritten } from '#core/snapshots/changes.ts';
import { takeSnapshots } from '#core/snapshots/take.ts';
import { latestSnapshots, writtenSnapshots } from '#core/store/read-snapshots.ts';
import { SnapshotStore } from '#core/store/snapshots.ts';
import { memoryDb } from '../../fixtures/databases.ts';
import { at, houseOf } from '../metrics/house-of.ts';

const ward = { id: '4E', name: 'East', kind: 'ward' as const, beds: ['1', '2'] };
const takeBeds = (beds: readonly string[]) => takeSnapshots(houseOf({ units: [{ ...ward, beds: [...beds] }] }, []), 'bed', at('10:00'));

test('given a bed that is told no more, when snapshots are taken, then its last one ends once, and begins anew when it is told again', () => {
  const written = new LastWritten();
  const changed = (...beds: string[]) => written.changed('bed', takeBeds(beds)).map(({ subject, ended }) => [subject[1], ended ?? false]);
  expect(changed('1', '2')).toEqual([['1', false], ['2', false]]);
  expect(changed('1')).toEqual([['2', true]]);
  expect(changed('1')).toEqual([]);
  expect(changed('1', '2')).toEqual([['2', false]]);
});

test.each([...snapshotFamilies.values()].filter(({ name }) => name !== 'kpi'))('given a subject of $name that is told no more, when a core starts after that was kept, then it reads what it would take, and says why nothing is known', (family) => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const written = new LastWritten();
  const told = { subject: family.subject.map(() => 'X'), facts: {}, metrics: {}, unknown: {} };
  written.changed(family.name, [told]);
  store.keep({ family: family.name, at: 1, taken: [told] });
  store.keep({ family: family.name, at: 2, taken: written.changed(family.name, []) });
  const [last] = latestSnapshots(db, { family: family.name });
  expect(snapshotSchema(family).parse(last)).toMatchObject({ at: 2 });
  expect(new Set(Object.values(last!.unknown))).toEqual(new Set(['nothing is told of it any more']));
  const restarted = new LastWritten();
  restarted.changed(family.name, writtenSnapshots(db, family.name));
  expect(restarted.changed(family.name, [])).toEqual([]);
});
