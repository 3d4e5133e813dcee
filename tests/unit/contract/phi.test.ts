import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { identifier, instant, patient, personal } from '#shared/events/fields.ts';
import { notePaths, takeNotes } from '#shared/events/notes.ts';
import { marked, phiPaths } from '#shared/events/phi.ts';
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

/** Longest text that passes for a code: what is longer is marked as what it is. */
const CODE_CHARS = 64;

interface Node { readonly type?: string; readonly format?: string; readonly maxLength?: number; readonly enum?: unknown; readonly const?: unknown; readonly pattern?: string; readonly phi?: unknown; readonly note?: unknown; readonly properties?: Record<string, Node>; readonly items?: Node; readonly anyOf?: Node[]; readonly additionalProperties?: Node | boolean }

function* texts(node: Node, path: string): Generator<[string, Node]> {
  if (node.type === 'string') yield [path, node];
  for (const [name, part] of Object.entries(node.properties ?? {})) yield* texts(part, `${path}.${name}`);
  for (const part of [node.items, ...(node.anyOf ?? []), ...(typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [])]) if (part) yield* texts(part, path);
}

describe('free text', () => {
  it('is every text of the contract that is no code, time or personal field: none is forgotten', () => {
    const forgotten: string[] = [];
    let notes = 0;
    for (const { type, data } of eventTypes.values()) {
      for (const [path, { format, enum: words, const: word, pattern, maxLength, phi, note }] of texts(z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' }) as Node, type)) {
        if (note !== undefined) notes++;
        else if (phi === undefined && format === undefined && words === undefined && word === undefined && pattern === undefined && !(maxLength! <= CODE_CHARS)) forgotten.push(path);
      }
    }
    expect(forgotten).toEqual([]);
    expect(notes).toBe([...eventTypes.keys()].flatMap(notePaths).length);
    expect(notes).toBeGreaterThan(10);
  });
  it('is taken out of data by field path, and nothing else', () => {
    const data = { room: '14', status: 'closed', reason: 'Mrs Miller bleeds' };
    expect(takeNotes('or.room-status-changed', data)).toEqual({ reason: 'Mrs Miller bleeds' });
    expect(data).toEqual({ room: '14', status: 'closed' });
    const blocked = { unit: '4E', bed: '1', reason: 'RN' };
    expect(takeNotes('bed.blocked', blocked)).toEqual({});
    expect(blocked).toEqual({ unit: '4E', bed: '1', reason: 'RN' });
  });
  it('inside a list is refused, since nobody would take it out', () => {
    expect(() => [...marked(z.object({ all: z.array(z.string().meta({ note: true })) }), 'note')]).toThrow('array');
  });
});
