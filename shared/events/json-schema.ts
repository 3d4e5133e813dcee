import { z } from 'zod';
import type { EventType } from './define.ts';
import { envelopeSchema } from './envelope.ts';

/** A JSON Schema document, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema of one event type as it goes over the wire: the envelope with the type's own `data`. Personal fields
 * carry `x-phi` with `identifier` or `value`, free text `x-note`.
 */
export function eventJsonSchema(event: Pick<EventType, 'type' | 'describes' | 'data' | 'example'>): JsonSchema {
  const whole = envelopeSchema.extend({ type: z.literal(event.type), data: event.data });
  const schema = z.toJSONSchema(whole, {
    io: 'input',
    override: ({ jsonSchema }) => {
      for (const mark of ['phi', 'note']) {
        const said = jsonSchema[mark];
        if (said === undefined) continue;
        delete jsonSchema[mark];
        jsonSchema[`x-${mark}`] = said;
      }
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
