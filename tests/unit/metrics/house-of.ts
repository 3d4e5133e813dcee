import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { siteConfigSchema } from '#shared/site.ts';
import type { DistributionResult, Scope, ValueResult } from '#shared/metrics/result.ts';
import type { z } from 'zod';
import { evolve } from '#core/domain/evolve.ts';
import { House } from '#core/domain/house.ts';
import type { EntityStates, FoldedKind } from '#core/domain/states.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import type { MetricRequest } from '#core/metrics/request.ts';

export type Told = readonly [type: string, time: string, data: Record<string, unknown>];

/** Epoch ms of a time on 10 January 2026 UTC (`HH:mm` or `HH:mm:ss`), or of a full instant. */
export const at = (time: string): number => Date.parse(instant(time));
export const instant = (time: string): string => (time.includes('T') ? time : `2026-01-10T${time.length === 5 ? `${time}:00` : time}Z`);

/** A house after the given events, checked by their schemas and folded in the order of the contract. */
export function houseOf(site: z.input<typeof siteConfigSchema>, told: readonly Told[]): House {
  const house = new House(siteConfigSchema.parse(site));
  const events = told.map(([type, time, data], i): DomainEvent & { kind: FoldedKind; entity: string } => {
    const known = eventTypes.get(type);
    if (!known) throw new Error(`no event type ${type}`);
    const parsed = known.data.parse(data) as never;
    return {
      source: '//local/main/ehr/1', id: String(i).padStart(6, '0'), type, time: at(time), data: parsed,
      kind: known.entity.kind as FoldedKind, entity: known.entity.id(parsed),
    };
  });
  for (const event of events.toSorted(compareEvents)) {
    const state = evolve(house.get(event.kind, event.entity), event);
    house.put(event.kind, event.entity, state as EntityStates[FoldedKind]);
  }
  return house;
}

type Ask = Partial<Omit<MetricRequest, 'metric' | 'scope'>> & { scope?: Scope };
const ask = (house: House, metric: string, { scope = {}, ...rest }: Ask) => evaluate(house, { metric, scope, at: at('23:59'), ...rest });

export const value = (house: House, metric: string, request: Ask = {}): number | null => (ask(house, metric, request) as ValueResult).value;
export const reason = (house: House, metric: string, request: Ask = {}): string | undefined => ask(house, metric, request).reason;
export const figures = (house: House, metric: string, request: Ask = {}): DistributionResult => ask(house, metric, request) as DistributionResult;
