import { z } from 'zod';
import { withSchema } from '../define.ts';
import { code, identifier } from '../fields.ts';

interface Described<S extends z.ZodObject, T extends OpsEventName> {
  /** Name of the constant that other systems know. */
  readonly constant: string;
  readonly type: T;
  readonly describes: string;
  /**
   * `converge`: every station must agree on it, so it is always published. `opt-in`: high rate; always on the internal
   * bus and over WebSocket, on MQTT only when configured and then rate-limited.
   */
  readonly publish: 'converge' | 'opt-in';
  readonly example: z.input<S>;
}

/** One type of what Vigil itself decides or announces, on `vigil/v1/{tenant}/{site}/ops/{type}`. */
export interface OpsEventType<S extends z.ZodObject = z.ZodObject, T extends OpsEventName = OpsEventName> extends Described<S, T> {
  readonly data: S;
}
export type OpsEventName = `ops.${string}`;

/** Declares an ops event type; TypeScript checks the example against the schema. */
export const defineOps = <S extends z.ZodObject, const T extends OpsEventName>({ data, ...described }: Described<S, T> & { readonly data: () => S }): OpsEventType<S, T> =>
  withSchema(described, data);

/** Scope of a metric, rule or alert: `{ unit: '4E' }`; empty for the whole site. */
export const scope = () => z.record(code(), z.string().max(128));

/** Who acted: a role at a station, and the person where somebody signed in. */
export const actor = () => z.object({ role: code(), station: code(), person: identifier().optional() });
export const EXAMPLE_ACTOR = { role: 'charge-nurse', station: 'desk-1' } as const;

/** Who something is given to. */
export const assignee = () => z.object({ role: code(), person: identifier().optional() });

export const SEVERITIES = ['advisory', 'warning', 'critical'] as const;
export const severity = () => z.enum(SEVERITIES);
