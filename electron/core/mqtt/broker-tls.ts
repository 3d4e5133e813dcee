import type { Serving } from '../options.ts';
import type { KeyFiles, NamedFile } from '../tls/key-files.ts';
import { withoutPassword } from './address.ts';

type Flags = Pick<Serving, 'broker' | 'brokerCa' | 'brokerCert' | 'brokerKey'>;

/** How messages call the files of a broker: as whoever named them did. */
export interface TlsNames {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}
export const FLAG_NAMES: TlsNames = { ca: '--broker-ca', cert: '--broker-cert', key: '--broker-key' };

/**
 * Files that a broker is spoken to with; undefined where none were given.
 * @throws Error that names the flag, if the broker's address is not one of TLS
 */
export function brokerTls({ broker, brokerCa, brokerCert, brokerKey }: Flags, names: TlsNames = FLAG_NAMES): KeyFiles | undefined {
  const named = (flag: string, file: string | undefined): NamedFile | undefined => (file === undefined ? undefined : { flag, file });
  const files: KeyFiles = { ca: named(names.ca, brokerCa), cert: named(names.cert, brokerCert), key: named(names.key, brokerKey) };
  const given = files.ca ?? files.cert ?? files.key;
  if (given === undefined) return undefined;
  if (!broker.startsWith('mqtts://')) throw new Error(`${given.flag} is for a broker by TLS, and --broker is ${withoutPassword(broker)}: write mqtts://`);
  return files;
}
