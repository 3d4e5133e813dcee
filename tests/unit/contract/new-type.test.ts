import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent, type EventOf, type EventType } from '#shared/events/define.ts';
import { code, identifier, personal } from '#shared/events/fields.ts';
import { eventJsonSchema } from '#shared/events/json-schema.ts';
import { createRegistry, eventTypes } from '#shared/events/registry.ts';
import { areaOf } from '../../../electron/core/domain/area.ts';
import { areas } from '../../../electron/core/domain/areas.ts';
import { createEvolution } from '../../../electron/core/domain/evolve.ts';
import { Decoder } from '../../../electron/core/ingest/decode.ts';
import { loadSiteKey } from '../../../electron/core/ingest/site-key.ts';

// One schema file ...
const dietEvents = [
  defineEvent({
    type: 'adt.diet-changed',
    describes: 'The diet of a patient changed.',
    entity: { kind: 'encounter', id: (d) => d.encounter },
    data: () => z.object({ encounter: identifier(), diet: code(), wish: personal().optional() }),
    example: { encounter: 'V1', diet: 'renal', wish: 'no fish' },
  }),
];
// ... and one fold.
const diets = areaOf({ kind: 'encounter', slice: 'diet', events: dietEvents }, (state: { now?: string; changes: number } | undefined, event: EventOf<typeof dietEvents>) => ({
  now: event.data.diet,
  changes: (state?.changes ?? 0) + 1,
}));

const site = { tenant: 'local', site: 'main' };
const payload = (id: string, type: string, data: unknown) =>
  JSON.stringify({ specversion: '1.0', id, source: '//local/main/ehr/1', type, time: '2026-01-10T08:00:00Z', data });

describe('a new event type', () => {
  const registry = createRegistry(dietEvents as unknown as EventType[]);
  const { evolve, isFolded } = createEvolution([...areas, diets]);
  const key = loadSiteKey(site);

  it('is accepted, split, folded beside the other slices and exported', () => {
    const decoded = new Decoder(site, key, registry).decodeText(payload('1', 'adt.diet-changed', dietEvents[0]!.example), {});
    if (!decoded.ok) throw new Error(decoded.rejection.detail);
    const { event, kind, entity, person } = decoded.accepted;
    expect({ kind, entity }).toEqual({ kind: 'encounter', entity: key.pseudonym('V1') });
    expect(event.data).toEqual({ encounter: key.pseudonym('V1'), diet: 'renal' });
    expect(person?.facts).toEqual({ wish: 'no fish' });
    const before = { adt: { status: 'active', stays: [] } };
    expect(evolve(evolve(before, event), event)).toEqual({ ...before, diet: { now: 'renal', changes: 2 } });
    expect(isFolded('adt.diet-changed')).toBe(true);
    expect(isFolded('adt.admitted')).toBe(true);
    expect(JSON.stringify(eventJsonSchema(registry.get('adt.diet-changed')!))).toContain('"x-phi":"value"');
  });
  it('is unknown without its file', () => {
    const decoded = new Decoder(site, key).decodeText(payload('1', 'adt.diet-changed', dietEvents[0]!.example), {});
    expect(decoded).toMatchObject({ ok: false, rejection: { reason: 'unknown-type' } });
    expect(eventTypes.has('adt.diet-changed')).toBe(false);
  });
  it('without a fold is kept and changes no state', () => {
    const plain = createEvolution(areas);
    const state = { adt: { status: 'active', stays: [] } };
    const event = { source: '//local/main/ehr/1', id: '1', type: 'adt.diet-changed', time: 0, data: { encounter: 'V1', diet: 'renal' } };
    expect(plain.isFolded('adt.diet-changed')).toBe(false);
    expect(plain.evolve(state, event)).toBe(state);
  });
  it('may not take the name or the fold of another', () => {
    expect(() => createRegistry(dietEvents as unknown as EventType[], dietEvents as unknown as EventType[])).toThrow('adt.diet-changed');
    expect(() => createEvolution([...areas, diets, diets])).toThrow('adt.diet-changed');
  });
});
