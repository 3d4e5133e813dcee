import type { UnitKind } from '#shared/events/fields.ts';

export interface UnitState {
  kind?: UnitKind;
  status?: { value: 'open' | 'closed' | 'surge' | 'diversion'; since: number; reason?: string };
  staffedBeds?: number;
  staff?: Record<string, number>;
  plannedStaff?: Record<string, number>;
  staffingReportedAt?: number;
}
