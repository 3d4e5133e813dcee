import { z } from 'zod';
import type { EventType } from './define.ts';
import { envelopeSchema } from './envelope.ts';

/** A JSON Schema document, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema of one event type as it goes over the wire: the envelope with the type's own `data`. Personal fields
 * carry `x-phi` with `identifier` or `value`.
 */
export function eventJsonSchema(event: Pick<EventType, 'type' | 'describes' | 'data' | 'example'>): JsonSchema {
  const whole = envelopeSchema.extend({ type: z.literal(event.type), data: event.data });
  const schema = z.toJSONSchema(whole, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const { phi } = jsonSchema as { phi?: unknown };
      if (phi === undefined) return;
      delete (jsonSchema as { phi?: unknown }).phi;
      (jsonSchema as { 'x-phi'?: unknown })['x-phi'] = phi;
    },
  }) as Record<string, unknown>;
  const properties = schema['properties'] as Record<string, Record<string, unknown>>;
  return {
    ...schema,
    title: event.type,
    description: event.describes,
    properties: { ...properties, data: { ...properties['data'], examples: [event.example] } },
  };
}
