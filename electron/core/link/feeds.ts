import { parseSource } from '#shared/events/envelope.ts';
import type { FeedItem } from '#shared/views/frame.ts';
import type { House } from '../domain/house.ts';
import type { Db } from '../store/open.ts';

/** What a source is held to when it registered nothing: heard from every minute, lost after ten of them. */
const DEFAULT_INTERVAL_S = 60;
const SILENCE_INTERVALS = 10;

/** Short names for the footer. */
const TITLES: Readonly<Record<string, string>> = {
  ehr: 'ADT', bed: 'Beds', ed: 'ED', or: 'OR', icu: 'ICU', lis: 'Lab', ris: 'Imaging', pharmacy: 'Pharmacy', rcm: 'Revenue',
  booking: 'Booking', flow: 'Flow', staff: 'Staffing', resource: 'Equipment', comms: 'Messages', billing: 'Billing', vigil: 'Desk',
};

/** Last contact with each source, on the site's clock: what freshness is measured by. */
export class Feeds {
  readonly #contacts = new Map<string, { at: number; instances: Set<string> }>();

  /** Contacts as they stood when the store was last written. */
  load(db: Db): void {
    const rows = db.prepare<[], { uri: string; last_contact: number }>('SELECT uri, last_contact FROM ops_event_source').all();
    for (const { uri, last_contact } of rows) this.heard(uri, last_contact);
  }

  /** An event or heartbeat of a source (its CloudEvents `source`) was received at a time of the site's clock. */
  heard(uri: string, at: number): void {
    const { source, instance } = parseSource(uri)!;
    const contact = this.#contacts.get(source) ?? { at, instances: new Set<string>() };
    contact.at = Math.max(contact.at, at);
    contact.instances.add(instance);
    this.#contacts.set(source, contact);
  }

  /** Every source heard so far, in footer order, with the interval it registered, the site set, or the default. */
  items(house: House): FeedItem[] {
    return Object.keys(TITLES).flatMap((source) => {
      const contact = this.#contacts.get(source);
      if (!contact) return [];
      const registered = [...contact.instances].map((instance) => house.get('source', instance)).find((state) => state?.intervalSeconds !== undefined);
      const intervalSeconds = house.site.sourceIntervalSeconds[source] ?? registered?.intervalSeconds ?? DEFAULT_INTERVAL_S;
      const silenceLimitSeconds = registered?.silenceLimitSeconds ?? intervalSeconds * SILENCE_INTERVALS;
      return [{ source, title: registered?.title ?? TITLES[source]!, lastContact: contact.at, intervalSeconds, silenceLimitSeconds }];
    });
  }
}
