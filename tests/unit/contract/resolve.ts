import { z } from 'zod';
import type { EventType } from '#shared/events/define.ts';
import { opsEventTypes } from '#shared/events/ops.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { siteConfigSchema } from '#shared/site.ts';

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
}

const schemas = new Map<z.ZodType, Shape>();

function shapeOf(schema: z.ZodType): Shape {
  const known = schemas.get(schema) ?? (z.toJSONSchema(schema, { io: 'input' }) as Shape);
  schemas.set(schema, known);
  return known;
}

/** Follows a field path through objects, the entries of arrays and the values of records. */
function hasPath(shape: Shape, path: readonly string[]): boolean {
  if (path.length === 0) return true;
  const [first, ...rest] = path as [string, ...string[]];
  if (shape.properties?.[first]) return hasPath(shape.properties[first], rest);
  if (shape.items) return hasPath(shape.items, path);
  return typeof shape.additionalProperties === 'object' && hasPath(shape.additionalProperties, rest);
}

/**
 * Whether an input of a metric exists: `<event type>.<field path>`, `<event type>@time` or `site.<path>`.
 * Receive time (`source@received`) is recorded beside every event.
 */
export function resolves(input: string): boolean {
  if (input.startsWith('site.')) return hasPath(shapeOf(siteConfigSchema), input.slice(5).split('.'));
  const time = /^([a-z]+\.[a-z-]+)@time$/.exec(input);
  if (time) return typeNamed(time[1]!) !== undefined;
  const field = /^([a-z]+\.[a-z-]+)\.(.+)$/.exec(input);
  const type = field && typeNamed(field[1]!);
  return type ? hasPath(shapeOf(type.data), field[2]!.split('.')) : false;
}

const typeNamed = (name: string): Pick<EventType, 'data'> | undefined => eventTypes.get(name) ?? opsEventTypes.get(name);
