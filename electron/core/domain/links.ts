import { Groups } from './groups.ts';
import type { EncounterState, EntityStates, FoldedKind } from './states.ts';

/** Which entities name which others: kept in step with every state that is put into a house. */
export class Links {
  /** Encounters of each patient record. */
  readonly #byPatient = new Groups();
  readonly #denials = new Groups();
  readonly #holds = new Set<string>();

  changed<K extends FoldedKind>(kind: K, id: string, before: EntityStates[K] | undefined, after: EntityStates[K] | undefined): void {
    if (kind === 'encounter') this.#indexPatient(id, before as EncounterState | undefined, after as EncounterState | undefined);
    else if (kind === 'or-case') this.#indexHold(id, after as EntityStates['or-case'] | undefined);
    else if (kind === 'denial') this.#indexDenial(id, before as EntityStates['denial'] | undefined, after as EntityStates['denial'] | undefined);
  }

  encountersOfPatient(record: string): ReadonlySet<string> {
    return this.#byPatient.of(record);
  }

  denialsOfClaim(claim: string): ReadonlySet<string> {
    return this.#denials.of(claim);
  }

  /** Cases for which a bed is to be kept. */
  get openHolds(): ReadonlySet<string> {
    return this.#holds;
  }

  #indexPatient(id: string, before: EncounterState | undefined, after: EncounterState | undefined): void {
    const [was, is] = [before?.ed?.patient ?? before?.adt?.patient, after?.ed?.patient ?? after?.adt?.patient];
    if (was === is) return;
    if (was !== undefined) this.#byPatient.drop(was, id);
    if (is !== undefined) this.#byPatient.add(is, id);
  }

  #indexDenial(id: string, before: EntityStates['denial'] | undefined, after: EntityStates['denial'] | undefined): void {
    if (before?.claim === after?.claim) return;
    if (before) this.#denials.drop(before.claim, id);
    if (after) this.#denials.add(after.claim, id);
  }

  #indexHold(id: string, state: EntityStates['or-case'] | undefined): void {
    if (state?.hold && state.hold.releasedAt === undefined && state.cancelledAt === undefined) this.#holds.add(id);
    else this.#holds.delete(id);
  }
}
