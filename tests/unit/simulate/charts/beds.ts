import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';
import type { Charts, Place, Stay } from './charts.ts';

interface Bed {
  status: string;
  reservedFor?: string | undefined;
  reservedAt?: number;
  patient?: string | undefined;
  cleanedSince: boolean;
}

const INPATIENT = ['ward', 'icu', 'step_down'];
/** A bed is not kept for longer than this for somebody who does not come. */
const KEPT_MS = 12 * HOUR;

/** Reads what is said of beds: who is in them, who is to come, and whether they are clean. */
export class Beds {
  readonly #charts: Charts;
  readonly #beds = new Map<string, Bed>();

  constructor(charts: Charts) {
    this.#charts = charts;
  }

  read(event: Envelope): void {
    const { type, data } = event;
    const key = `${data['unit'] as string}/${data['bed'] as string}`;
    const bed = this.#beds.get(key) ?? { status: 'unknown', cleanedSince: true };
    this.#beds.set(key, bed);
    const was = bed.status;
    const step = (from: readonly string[], to: string) => {
      this.#charts.rule('a bed goes from dirty by cleaning to clean', was === 'unknown' || from.includes(was), { ...event, was });
      bed.status = to;
    };
    switch (type) {
      case 'bed.status-changed': {
        const to = data['status'] as string;
        if (was === 'unknown') bed.status = to;
        else if (to === 'occupied') {
          this.#charts.rule('only a clean bed is taken, by whom it was kept for', was === 'available' && bed.reservedFor !== undefined && bed.cleanedSince, { ...event, bed });
          bed.status = to;
          bed.reservedFor = undefined;
          bed.cleanedSince = false;
        } else if (to === 'dirty') step(['occupied'], to);
        else step([], to);
        break;
      }
      case 'bed.cleaning-requested':
        step(['dirty'], 'requested');
        break;
      case 'bed.cleaning-started':
        step(['requested'], 'cleaning');
        break;
      case 'bed.cleaning-completed':
        step(['cleaning'], 'available');
        bed.cleanedSince = true;
        break;
      case 'bed.blocked':
        this.#charts.rule('no bed is closed that somebody is in or comes to', was === 'available' && bed.reservedFor === undefined, { ...event, bed });
        bed.status = 'blocked';
        break;
      case 'bed.unblocked':
        step(['blocked'], 'available');
        break;
      case 'bed.reserved':
        this.#charts.rule('only a clean, free bed is kept for somebody', was === 'available' && bed.reservedFor === undefined, { ...event, bed });
        bed.reservedFor = data['encounter'] as string;
        bed.reservedAt = this.#charts.now;
        break;
      case 'bed.released':
        this.#charts.rule('only a kept bed is given back', bed.reservedFor !== undefined, event);
        bed.reservedFor = undefined;
        break;
    }
  }

  /** A patient comes into a place, and out of the one before. */
  place(encounter: string, stay: Stay, place: Place, event: Envelope): void {
    const labels = this.#charts.known.get(place.unit);
    this.#charts.rule('places are those of the site', labels !== undefined && (place.bed === undefined || labels.includes(place.bed)), event);
    if (stay.place?.bed !== undefined) this.#beds.get(`${stay.place.unit}/${stay.place.bed}`)!.patient = undefined;
    const before = stay.place;
    stay.place = place;
    if (place.bed === undefined) return;
    const key = `${place.unit}/${place.bed}`;
    const bed = this.#beds.get(key);
    if (bed) {
      this.#charts.rule('two patients are never in one bed', bed.patient === undefined || bed.patient === encounter, { ...event, patient: bed.patient });
      if (INPATIENT.includes(place.unitKind!)) this.#charts.rule('a patient comes into the bed that was kept for them', bed.status === 'occupied', { ...event, bed, before });
      bed.patient = encounter;
    } else this.#beds.set(key, { status: place.unitKind === 'pacu' ? 'occupied' : 'unknown', patient: encounter, cleanedSince: true });
  }

  /** Nobody of an encounter is in a bed any more. */
  vacate(encounter: string): void {
    for (const bed of this.#beds.values()) if (bed.patient === encounter) bed.patient = undefined;
  }

  /** Everything has been read. */
  end(): void {
    for (const [key, { reservedFor, reservedAt }] of this.#beds) {
      this.#charts.rule('a bed is not kept for somebody who does not come', reservedFor === undefined || this.#charts.now - reservedAt! < KEPT_MS, { bed: key, encounter: reservedFor });
    }
  }
}
