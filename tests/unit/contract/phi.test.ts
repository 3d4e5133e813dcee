import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { identifier, instant, patient, personal } from '#shared/events/fields.ts';
import { phiPaths } from '#shared/events/phi.ts';
import { eventTypes } from '#shared/events/registry.ts';

const plain = (schema: z.ZodObject) => phiPaths(schema).map(({ path, kind }) => `${path.join('.')} ${kind}`);

describe('personal fields', () => {
  it('are found through options, defaults, transforms and nesting', () => {
    const schema = z.object({
      order: identifier(),
      at: instant().optional(),
      nick: personal().nullable().optional(),
      lower: personal().transform((text) => text.toLowerCase()),
      unnamed: personal().default('nobody'),
      who: z.object({ next: patient().optional() }).optional(),
    });
    expect(plain(schema)).toEqual([
      'order identifier', 'nick value', 'lower value', 'unnamed value', 'who.next.id identifier', 'who.next.name value',
      'who.next.birthDate value', 'who.next.sex value', 'who.next.address value', 'who.next.phone value',
    ]);
  });
  it.each([
    ['array', z.object({ all: z.array(identifier()) })],
    ['record', z.object({ all: z.record(z.string(), personal()) })],
    ['record', z.object({ all: z.record(identifier(), z.number()) })],
    ['tuple', z.object({ all: z.tuple([personal()]) })],
    ['union', z.object({ all: z.union([z.number(), personal()]) })],
  ])('in a list of persons (%s) are refused, since ingest would not reach them', (kind, schema) => {
    expect(() => phiPaths(schema)).toThrow(kind);
  });
  it('are marked wherever a field of the contract names a person, stay, order, case or claim', () => {
    const personalNames = new Set([
      'encounter', 'patient', 'into', 'ambulance', 'case', 'order', 'preauth', 'claim', 'denial', 'appointment', 'visit', 'quote', 'payment',
      'message', 'member', 'name', 'complaint', 'text',
    ]);
    for (const { type, data } of eventTypes.values()) {
      const marked = new Set(phiPaths(data).map(({ path }) => path[0]));
      const named = Object.keys(data.shape).filter((field) => personalNames.has(field));
      expect([type, [...marked].sort()]).toEqual([type, named.sort()]);
    }
  });
});
