import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { readKeys, type KeyFiles, type Keys } from '../tls/key-files.ts';
import type { ServeFlags } from '../options.ts';

/** Where the API listens, by which names it is asked, and what TLS it speaks. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Names and addresses that a request may have in Host, without port, besides those of this machine for itself. */
  readonly names: readonly string[];
  readonly tls: { readonly files: KeyFiles; readonly keys: Keys } | undefined;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const EVERYWHERE = new Set(['0.0.0.0', '::']);

type Flags = Pick<ServeFlags, 'host' | 'port' | 'tlsCert' | 'tlsKey' | 'tlsClientCa' | 'publicName'>;

/**
 * Reads where and how to listen from the flags.
 * @throws Error that says what is missing: other hosts are not answered in clear, and not under names that nobody named
 */
export function listening({ host, port, tlsCert, tlsKey, tlsClientCa, publicName }: Flags): Listening {
  const files: KeyFiles = { cert: named('--tls-cert', tlsCert), key: named('--tls-key', tlsKey), ca: named('--tls-client-ca', tlsClientCa) };
  if (tlsClientCa !== undefined && !(tlsCert ?? tlsKey)) throw new Error('--tls-client-ca asks clients for certificates, which TLS alone can: give --tls-cert and --tls-key too');
  const tls = (tlsCert ?? tlsKey) === undefined ? undefined : { files, keys: readKeys(files) };
  if (!LOOPBACK.has(host)) {
    if (!tls) throw new Error(`--host ${host} is reached from other machines, and what they are told must not go in clear: give --tls-cert and --tls-key, or leave --host away`);
    if (EVERYWHERE.has(host) && publicName.length === 0) throw new Error(`--host ${host} says not by which name browsers ask: give --public-name, for example --public-name ${hostname()}`);
  }
  const address = LOOPBACK.has(host) || EVERYWHERE.has(host) ? [] : [isIP(host) === 6 ? `[${host}]` : host];
  return { host, port, tls, names: [...publicName, ...address].map((name) => name.toLowerCase()) };
}

const named = (flag: string, file: string | undefined) => (file === undefined ? undefined : { flag, file });
