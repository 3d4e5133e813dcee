import { isAbsolute, join } from 'node:path';
import type { STATION_PARTS } from '#shared/api/station.ts';
import type { BrokerDocument, StationDocument } from '#shared/station.ts';
import { withLogin, withPassword } from '../mqtt/address.ts';
import { FLAG_NAMES, type TlsNames } from '../mqtt/broker-tls.ts';
import { DEFAULT_STATION, type ServeFlags, type Serving } from '../options.ts';

/** By it whoever starts a core tells it the broker's password: arguments of a process can be read by others. */
export const PASSWORD_VARIABLE = 'VIGIL_BROKER_PASSWORD';

/** A part of the station document that does not hold, or cannot be changed, and what says it instead. */
export interface Fixed {
  readonly part: (typeof STATION_PARTS)[number];
  readonly by: string;
}

/** How messages call the files that the document names. */
export const DOCUMENT_NAMES: TlsNames = { ca: 'station.yaml broker.ca', cert: 'station.yaml broker.cert', key: 'station.yaml broker.key' };

/** Passwords of the broker, by where they come from. */
export interface Passwords {
  readonly environment: string | undefined;
  /** The one that is kept for the document's broker. */
  readonly kept: string | undefined;
}

/** A core goes by flags first, then by its station document, then by default. The broker is said in one place, whole: no password goes where another one was meant. */
export function settle(flags: ServeFlags, document: StationDocument, { environment, kept }: Passwords): { serving: Serving; tlsNames: TlsNames } {
  const broker = brokerFlag(flags) === undefined ? document.broker : undefined;
  const own = broker ? brokerFlags(broker, flags.data, environment ?? kept) : { broker: withPassword(flags.broker ?? 'embedded', environment) };
  return {
    serving: { ...flags, ...own, station: flags.station ?? document.station ?? DEFAULT_STATION, join: flags.join ?? document.join },
    tlsNames: broker ? DOCUMENT_NAMES : FLAG_NAMES,
  };
}

/** A broker of the document as flags would say it. */
export function brokerFlags({ address, user, ca, cert, key }: BrokerDocument, data: string, password: string | undefined): Pick<Serving, 'broker' | 'brokerCa' | 'brokerCert' | 'brokerKey'> {
  const path = (file: string) => (isAbsolute(file) ? file : join(data, file));
  return {
    broker: withLogin(address, user, password),
    ...(ca === undefined ? {} : { brokerCa: path(ca) }),
    ...(cert === undefined ? {} : { brokerCert: path(cert) }),
    ...(key === undefined ? {} : { brokerKey: path(key) }),
  };
}

/** What the document does not decide. Whoever gives the password by the environment says for which broker: it goes to no other. */
export function fixedParts(flags: ServeFlags, environmentTells: boolean): Fixed[] {
  const broker = brokerFlag(flags) ?? (environmentTells ? `station.yaml with ${PASSWORD_VARIABLE}` : undefined);
  return [
    ...(broker === undefined ? [] : [{ part: 'broker' as const, by: broker }]),
    ...(flags.station === undefined ? [] : [{ part: 'station' as const, by: '--station' }]),
    ...(flags.join === undefined ? [] : [{ part: 'join' as const, by: '--join' }]),
  ];
}

function brokerFlag({ broker, brokerCa, brokerCert, brokerKey }: ServeFlags): string | undefined {
  const given = { '--broker': broker, '--broker-ca': brokerCa, '--broker-cert': brokerCert, '--broker-key': brokerKey };
  return Object.entries(given).find(([, value]) => value !== undefined)?.[0];
}
