import type { z } from 'zod';
import type { findingSchema } from '#shared/api/station.ts';
import type { Keys } from '../tls/key-files.ts';
import { withoutPassword } from './address.ts';
import { probeBroker } from './probe.ts';

/** One thing looked at: what was found and, where it is not well, what to do. */
export type Finding = Readonly<z.output<typeof findingSchema>>;

/** What the network or the broker says, and what to do about it; the first that fits. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'Nothing listens there: start the broker, or check the port (1883 as a rule, 8883 by TLS).'],
  [/ENOTFOUND|EAI_AGAIN/, 'The name is not known to this machine: check how it is written, or give the address in numbers.'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|connack timeout|timed out/i, 'Nothing answers: check the address, the network and firewalls between; by TLS write mqtts://.'],
  [/not authori|bad user ?name|Connection refused: (4|5)\b/i, 'The broker refuses this user: check user name and password, and that the user may connect.'],
  [/certificate|self[- ]signed|unable to (get|verify)|altname|CERT_|ssl|tls/i, 'Name the authority of the broker\'s certificate and, where the broker asks for one, the station\'s own certificate and key; write the address as the certificate has it.'],
  [/closed|ECONNRESET|socket hang up/i, 'The broker ended the connection: check that it speaks MQTT on this port, in clear by mqtt:// and by TLS by mqtts://, and asks for no certificate that is missing here.'],
];
const OTHER = 'Start the broker, or check address, port, user and password.';

/** Tries a broker as a station would use it, in bounded time. */
export async function lookAtBroker(url: string, keys: Keys): Promise<Finding[]> {
  const address = withoutPassword(url);
  const probe = await probeBroker(url, keys);
  if (!probe.reachable) return [{ what: 'broker', ok: false, found: `${address} does not answer: ${probe.problem}`, advice: ADVICE.find(([problem]) => problem.test(probe.problem))?.[1] ?? OTHER }];
  const answers: Finding = { what: 'broker', ok: true, found: `${address} answers MQTT ${probe.version}${probe.roundTripMs === undefined ? '' : `, round trip ${probe.roundTripMs.toFixed(1)} ms`}` };
  if (probe.problem !== undefined) {
    return [answers, { what: 'broker session', ok: false, found: `what Vigil relies on could not be tried: ${probe.problem}`, advice: 'Let the user publish and subscribe below vigil/, at QoS 1, and try again.' }];
  }
  const kept = probe.keptWhileAway >= probe.sentWhileAway;
  return [
    answers,
    {
      what: 'broker session',
      ok: kept,
      found: `kept ${probe.keptWhileAway} of ${probe.sentWhileAway} messages for a station that was away`,
      ...(kept ? {} : { advice: 'Mosquitto: set max_queued_messages 0 and persistence true (see resources/mosquitto.conf); else events are lost while a station restarts. A user has to be allowed to publish and subscribe below vigil/.' }),
    },
  ];
}
