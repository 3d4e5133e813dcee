import type { SourceRecord, Trouble } from '#shared/sources.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { FeedItem } from '#shared/views/frame.ts';
import { paceOf } from '../domain/sources/pace.ts';
import { tellersOf, type Tellers } from '../domain/sources/tellers.ts';
import { sourceTroubles } from '../domain/sources/trouble.ts';
import { Rates } from '../health/rates.ts';
import type { Outcome } from '../store/outcome.ts';
import type { Db } from '../store/open.ts';
import { readSources } from '../store/sources.ts';

/** Short names for the footer. */
const TITLES: Readonly<Record<string, string>> = {
  ehr: 'ADT', bed: 'Beds', ed: 'ED', or: 'OR', icu: 'ICU', lis: 'Lab', ris: 'Imaging', pharmacy: 'Pharmacy', rcm: 'Revenue',
  booking: 'Booking', flow: 'Flow', staff: 'Staffing', resource: 'Equipment', comms: 'Messages', billing: 'Billing', vigil: 'Desk',
};

type Site = Pick<SiteConfig, 'sourceIntervalSeconds'>;

/** The sources of a site in the network loop: registration, last contact and figures of each instance. Times are of the site's clock. */
export class Feeds {
  readonly #records = new Map<string, SourceRecord>();
  readonly #rates = new Rates();
  #toldBy: Tellers | undefined;

  /** Sources as they stood when the store was last written. */
  load(db: Db, now: number): void {
    this.update(readSources(db), now);
  }

  /** Takes over what a batch did: who was heard, and who became known. Nobody was heard after `now`, epoch ms. */
  apply({ contacts, heard, registrations }: Pick<Outcome, 'contacts' | 'heard' | 'registrations'>, now = Infinity): void {
    this.update(registrations, now);
    for (const [uri, at] of Object.entries(contacts)) {
      const record = this.#records.get(uri);
      if (record) this.#records.set(uri, { ...record, lastContact: Math.min(at, now) });
    }
    for (const [uri, n] of Object.entries(heard)) this.#rates.add(uri, n, performance.now());
  }

  /** Takes over figures that the writer tells. A contact that lies ahead of the clock (`now`, epoch ms) is none: the clock was given back since. */
  update(records: readonly SourceRecord[], now = Infinity): void {
    if (records.length > 0) this.#toldBy = undefined;
    for (const record of records) {
      const isAhead = record.lastContact !== null && record.lastContact > now;
      this.#records.set(record.uri, isAhead ? { ...record, lastContact: this.#records.get(record.uri)?.lastContact ?? null } : record);
    }
  }

  /** The clock was set back by `ms`: contacts move along, so that ages stay what they are. */
  shift(ms: number): void {
    for (const [uri, record] of this.#records) if (record.lastContact !== null) this.#records.set(uri, { ...record, lastContact: record.lastContact - ms });
  }

  get records(): SourceRecord[] {
    return [...this.#records.values()];
  }

  /** Who tells each event type. */
  get toldBy(): Tellers {
    return (this.#toldBy ??= tellersOf(this.records));
  }

  /** Everything that is wrong with any source now; rates are per second of a clock that runs at `speed`. */
  troubles(site: Site, now: number, speed: number): Trouble[] {
    return this.records.flatMap((record) => sourceTroubles(record, site, now, this.#rates.perSecond(record.uri, performance.now()) / speed));
  }

  /**
   * Every kind of source that may speak, in footer order. Of several instances the one that is nearest to its silence
   * limit stands for its kind: a dead one must not hide behind one that lives. An instance of which only a file told
   * counts where no other does.
   */
  items(site: Site, now: number): FeedItem[] {
    return Object.keys(TITLES).flatMap((kind) => {
      const all = this.records.filter((record) => record.kind === kind && record.state === 'registered');
      const live = all.filter(({ registeredBy }) => registeredBy !== 'file');
      const items = (live.length > 0 ? live : all).map((record) => itemOf(record, site));
      const worst = items.sort((a, b) => used(b, now) - used(a, now))[0];
      if (!worst) return [];
      return [items.length > 1 ? { ...worst, title: used(worst, now) > SHOWN ? `${worst.title} ${worst.instance}` : worst.title, instances: items.length } : worst];
    });
  }
}

/** Share of its silence limit after which the wall says which of several instances is silent. */
const SHOWN = 0.3;

function itemOf(record: SourceRecord, site: Site) {
  return { source: record.kind, title: record.title ?? TITLES[record.kind]!, instance: record.instance, lastContact: record.lastContact, ...paceOf(record, site) };
}

/** Share of the silence limit that has gone by since the last contact. */
const used = ({ lastContact, silenceLimitSeconds }: Pick<FeedItem, 'lastContact' | 'silenceLimitSeconds'>, now: number) => (lastContact === null ? Infinity : (now - lastContact) / silenceLimitSeconds);
