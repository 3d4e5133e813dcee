import type { ServeFlags } from '../options.ts';
import type { KeyFiles, NamedFile } from '../tls/key-files.ts';
import { withoutPassword } from './address.ts';

type Flags = Pick<ServeFlags, 'broker' | 'brokerCa' | 'brokerCert' | 'brokerKey'>;

/**
 * Files that a broker is spoken to with; undefined where none were given.
 * @throws Error that names the flag, if the broker's address is not one of TLS
 */
export function brokerTls({ broker, brokerCa, brokerCert, brokerKey }: Flags): KeyFiles | undefined {
  const named = (flag: string, file: string | undefined): NamedFile | undefined => (file === undefined ? undefined : { flag, file });
  const files: KeyFiles = { ca: named('--broker-ca', brokerCa), cert: named('--broker-cert', brokerCert), key: named('--broker-key', brokerKey) };
  const given = files.ca ?? files.cert ?? files.key;
  if (given === undefined) return undefined;
  if (!broker.startsWith('mqtts://')) throw new Error(`${given.flag} is for a broker by TLS, and --broker is ${withoutPassword(broker)}: write mqtts://`);
  return files;
}
