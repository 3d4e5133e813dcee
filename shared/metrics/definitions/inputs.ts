/** Inputs that several metrics share: `type.field`, `type@time` for the event time, `site.key` for configuration. */

/** Where inpatients are, and that they are patients. */
export const placements = [
  'adt.admitted@time', 'adt.admitted.location.unit', 'adt.admitted.location.unitKind', 'adt.admitted.class',
  'adt.transferred@time', 'adt.transferred.location.unit', 'adt.transferred.location.unitKind',
  'adt.discharged@time',
] as const;

export const bedStates = [
  'adt.admitted.location.bed', 'adt.transferred.location.bed', 'adt.discharged@time',
  'bed.status-changed.status', 'bed.cleaning-requested@time', 'bed.cleaning-started@time', 'bed.cleaning-completed@time',
  'bed.blocked.reason', 'bed.unblocked@time', 'bed.reserved@time', 'bed.released@time', 'site.statuses.bed',
] as const;

export const staffedBeds = ['unit.staffing-reported.staffedBeds', 'site.units.beds'] as const;

export const edPresence = [
  'ed.arrived@time', 'ed.departed@time', 'ed.left-without-being-seen@time', 'adt.admitted@time', 'adt.transferred@time',
  'adt.discharged@time',
] as const;

/** Where an emergency visit takes place. */
export const edUnit = 'ed.arrived.unit';
