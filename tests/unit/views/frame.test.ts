import { expect, it } from 'vitest';
import { frameView } from '#core/views/frame.ts';
import { at, happened, houseWith } from '../domain/given.ts';
import { contextOf, feed } from './world.ts';

const units = [{ id: '4E', name: '4E', kind: 'ward' as const, beds: ['1', '2'] }, { id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A1'] }];

it('says whose wall this is, by which clock, and how its feeds are', () => {
  const clock = { mode: 'replay', at: at('10:00'), sentAt: 5, speed: 60 } as const;
  const house = houseWith({ title: 'Northgate General', timezone: 'Europe/Berlin', units });
  const items = frameView.compute(contextOf(house, at('10:00'), { clock, constructed: true, deadLetters: 3, broker: 'lost', feeds: [feed('ehr', at('09:59'))] }));
  expect(items).toEqual({
    frame: { site: 'main', title: 'Northgate General', timezone: 'Europe/Berlin', beds: 2, clock, constructed: true, privacy: 'no-phi', broker: 'lost', deadLetters: 3 },
    'feed:ehr': feed('ehr', at('09:59')),
  });
});

it('counts the beds of the hospital as they are staffed', () => {
  const house = houseWith({ units }, happened('07:00', 'unit.staffing-reported', { unit: '4E', staffedBeds: 30 }, { source: 'staff' }));
  expect(frameView.compute(contextOf(house, at('10:00')))).toMatchObject({ frame: { beds: 30 } });
});
