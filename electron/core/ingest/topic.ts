import type { SiteId } from '../store/paths.ts';

const EVENTS = /^vigil\/v1\/([^/]+)\/([^/]+)\/events\/([^/]+)\/([^/]+)$/;

/** The parts of an events topic; undefined if it is none. */
export function parseTopic(topic: string): { tenant: string; site: string; source: string; type: string } | undefined {
  const m = EVENTS.exec(topic);
  return m ? { tenant: m[1]!, site: m[2]!, source: m[3]!, type: m[4]! } : undefined;
}

/** Topic on which a source of a site publishes one type of event. */
export const eventTopic = ({ tenant, site }: SiteId, source: string, type: string) => `vigil/v1/${tenant}/${site}/events/${source}/${type}`;

/** Everything that a site's sources publish, unknown ones included. */
export const eventsFilter = ({ tenant, site }: SiteId) => `vigil/v1/${tenant}/${site}/events/#`;


