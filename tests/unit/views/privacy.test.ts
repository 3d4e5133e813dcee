import { expect, it } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { isFolded } from '#core/domain/evolve.ts';
import { views } from '#core/views/views.ts';
import { withGossip } from '../../fixtures/canaries.ts';
import { at, happened, houseWith } from '../domain/given.ts';
import { contextOf, planOf } from './world.ts';

const units = [{ id: '4E', name: '4E', kind: 'ward' as const, beds: ['12'] }, { id: 'MICU', name: 'MICU', kind: 'icu' as const, beds: ['3'] }, { id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A4'] }];

/** Every identifying field of the contract, in the form of a pseudonym. */
const SECRET = /SECRET/;
const identifying = ['encounter', 'case', 'order', 'ambulance', 'claim'] as const;

/** The example of a type with each identifier replaced by one that could be recognised. */
function secretly(type: string): DomainEvent {
  const { data, example } = eventTypes.get(type)!;
  const secret: Record<string, unknown> = { ...example };
  for (const name of identifying) if (name in data.shape) secret[name] = `SECRET-${name}`;
  if ('patient' in data.shape) secret['patient'] = { id: 'SECRET-patient' };
  if ('into' in data.shape) secret['into'] = { id: 'SECRET-into' };
  if ('scheduledStart' in data.shape) secret['scheduledStart'] = new Date(at('09:00')).toISOString();
  return happened('08:00', type, withGossip(type, secret, 'SECRET'));
}

/** States that speak of people without having ended: a board full of them. */
const present = [
  'adt.admitted', 'adt.updated', 'adt.discharge-pending', 'adt.transfer-pending', 'bed.status-changed', 'bed.reserved', 'ed.arrived', 'ed.triaged', 'ed.roomed', 'ed.admission-decided',
  'icu.admitted', 'icu.ventilator-status-changed', 'or.case-scheduled', 'or.patient-in-room', 'or.bed-hold-requested', 'lab.order-created', 'lab.specimen-collected', 'lab.result-reported', 'unit.staffing-reported',
];
const everything = [...eventTypes.values()].filter(({ type }) => isFolded(type)).map(({ type }) => type);

it.each([['a house full of people', present], ['everything that can happen', everything]])('no item of any view identifies anybody: %s', (_, types) => {
  const house = houseWith({ units }, ...types.map(secretly));
  expect(JSON.stringify([...house.all('encounter'), ...house.all('or-case')])).toMatch(SECRET);
  const context = contextOf(house, at('10:00'), { plans: planOf({ '4E': ['12'], MICU: ['3'], ED: ['A4'] }) });
  for (const view of views.values()) {
    const items = view.compute(context);
    expect(Object.keys(items)).not.toEqual([]);
    expect(JSON.stringify(items)).not.toMatch(SECRET);
  }
});
