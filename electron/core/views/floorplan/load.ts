import type { Severity } from '#shared/metrics/result.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { UnitNow } from '../../domain/units/now.ts';

export type Nurses = NonNullable<UnitCardItem['nurses']>;
type Load = UnitCardItem['load'];

/** Where a site sets limits for the load of a nurse; without them the load is shown and not judged. */
const LIMITS = 'unit.load_per_nurse';

function nurseSeverity(ratio: number, { thresholds }: SiteConfig): Severity {
  const { warn = Infinity, crit = Infinity } = thresholds[LIMITS] ?? {};
  return ratio >= crit ? 'crit' : ratio >= warn ? 'warn' : 'normal';
}

const step = (level: Severity, above: boolean) => (level === 'crit' ? 3 : level === 'warn' ? 2 : above ? 1 : 0);

/** Load up to a twentieth above the plan is as planned. */
const AS_PLANNED = 1.05;

/** Patients per nurse now over staffed beds per planned nurse; 1 is as planned. */
function perNurse({ occupied, staffed }: UnitNow, { present, planned }: Nurses, site: SiteConfig): Load {
  if (!present || !planned || !staffed) return null;
  const ratio = occupied / present / (staffed / planned);
  const level = nurseSeverity(ratio, site);
  return { ratio, label: 'load per RN', severity: level, step: step(level, ratio > AS_PLANNED) };
}

/**
 * What the ground behind a unit's beds shows: the load of its nurses where present and planned ones are reported, else
 * its occupancy. Four steps: within normal, above it, warning, critical. Null when neither is known.
 */
export function loadOf(unit: UnitNow, nurses: Nurses | undefined, occupancy: MetricItem, site: SiteConfig): Load {
  const load = nurses ? perNurse(unit, nurses, site) : null;
  if (load || occupancy.value === null) return load;
  const { severity: level } = occupancy;
  return { ratio: occupancy.value, label: 'occupancy', severity: level, step: step(level, occupancy.value > (occupancy.normal[1] ?? Infinity)) };
}
