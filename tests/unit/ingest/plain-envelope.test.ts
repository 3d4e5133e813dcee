import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '#core/ingest/canonical.ts';
import { plainEnvelope } from '#core/ingest/plain-envelope.ts';
import { envelopeSchema } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { envelope, exampleOf } from '../../fixtures/envelopes.ts';

const number = (least: number, most: number) => fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, '0'));
/** Times of every form, most of them of the calendar or a day beside it. */
const time = fc
  .tuple(fc.constantFrom('2024', '2025', '1900', '0000', '9999', '202'), number(0, 13), number(0, 32), number(0, 24), number(0, 60), number(0, 60), fc.constantFrom('', '.5', '.123', '.123456789', '.'), fc.constantFrom('Z', 'z', '', '+00:00', '+0100'))
  .map(([year, month, day, hour, minute, second, fraction, zone]) => `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`);
const source = fc.constantFrom('//local/main/lis/a', '//local/main/lis', 'lis', '////', `//local/main/lis/${'a'.repeat(300)}`);
const sequence = fc.oneof(fc.integer(), fc.constantFrom('12', '', 'x', null, 0.5, -0, 2 ** 60), fc.nat());
const data = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue());
const text = fc.oneof(fc.string(), fc.constantFrom('', 'x'.repeat(128), 'x'.repeat(129), 'x'.repeat(257)));
const ordinary = { specversion: '1.0', id: '1', source: '//local/main/lis/a', type: 'lab.order-created', time: '2026-01-14T08:00:00.000Z', data: {} };
/** An ordinary envelope in which one or several fields are of any form. */
const bodies = fc
  .record({ specversion: fc.constantFrom('1.0', '1.1', 1), id: text, source, type: text, time, sequence, data, tenant: fc.string(), other: fc.jsonValue() }, { requiredKeys: [] })
  .chain((odd) => fc.subarray(Object.keys(odd)).map((keys) => ({ ...ordinary, ...Object.fromEntries(keys.map((key) => [key, odd[key as keyof typeof odd]])) })));

describe('given any body', () => {
  test('when it is taken as a plain envelope, then the schema takes it too, and gives the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(bodies, bodies, fc.jsonValue()), (given) => {
        const body = JSON.parse(JSON.stringify(given)) as unknown;
        const plain = plainEnvelope(body);
        if (!plain) return;
        taken++;
        expect(envelopeSchema.safeParse(body)).toEqual({ success: true, data: plain });
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('when its text is made with sorted keys, then it is what JSON writes of the sorted value', () => {
    const sorted = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => `${JSON.stringify(key)}:${sorted(field)}`).join(',')}}`;
    };
    fc.assert(fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, name) => void expect(canonical([value, name])).toBe(sorted([value, name]))), { numRuns: 1_000 });
  });
});

test.each([...eventTypes.keys()])('given an event of type %s as a source sends it, then its envelope is a plain one', (type) => {
  expect(plainEnvelope(envelope(type, Date.UTC(2024, 1, 29), exampleOf(type), { sequence: 7 }))).toBeDefined();
});
