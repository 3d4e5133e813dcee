import type { UnitKind } from '#shared/events/fields.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { House } from '../house.ts';

const configuredKinds = new WeakMap<SiteConfig, ReadonlyMap<string, UnitKind>>();

/** Kind of a unit: what the site configures, else what its events say. */
export function kindOfUnit(house: House, unit: string): UnitKind | undefined {
  let configured = configuredKinds.get(house.site);
  if (!configured) configuredKinds.set(house.site, (configured = new Map(house.site.units.map(({ id, kind }) => [id, kind]))));
  return configured.get(unit) ?? house.get('unit', unit)?.kind;
}
