import type { BedState } from './beds/state.ts';
import type { AdtState } from './adt/state.ts';
import type { EdState, AmbulanceState } from './ed/state.ts';
import type { IcuState } from './icu/state.ts';
import type { ImagingOrderState } from './imaging/state.ts';
import type { LabOrderState } from './lab/state.ts';
import type { OrCaseState, OrRoomState } from './or/state.ts';
import type { PharmacyOrderState } from './pharmacy/state.ts';
import type { AccountState, ClaimState, DenialState, PreauthState } from './rcm/state.ts';
import type { SourceState } from './sources/state.ts';
import type { UnitState } from './units/state.ts';

/** An encounter is one journey through the house; each area folds its own slice of it. */
export interface EncounterState {
  adt?: AdtState;
  ed?: EdState;
  icu?: IcuState;
}

/** State by entity kind, as projections store and hash it. All times are epoch milliseconds. */
export interface EntityStates {
  encounter: EncounterState;
  patient: { mergedInto?: string };
  bed: BedState;
  unit: UnitState;
  ambulance: AmbulanceState;
  'or-case': OrCaseState;
  'or-room': OrRoomState;
  'lab-order': LabOrderState;
  'imaging-order': ImagingOrderState;
  'pharmacy-order': PharmacyOrderState;
  claim: ClaimState;
  denial: DenialState;
  preauth: PreauthState;
  account: AccountState;
  source: SourceState;
}
export type FoldedKind = keyof EntityStates;

export const FOLDED_KINDS: readonly FoldedKind[] = [
  'encounter', 'patient', 'bed', 'unit', 'ambulance', 'or-case', 'or-room', 'lab-order', 'imaging-order', 'pharmacy-order', 'claim', 'denial', 'preauth',
  'account', 'source',
];
