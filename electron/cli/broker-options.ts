import type { Command } from 'commander';
import { withPassword } from '#core/mqtt/address.ts';
import { brokerTls } from '#core/mqtt/broker-tls.ts';
import { PASSWORD_VARIABLE } from '#core/station/settle.ts';
import { readKeys, type Keys } from '#core/tls/key-files.ts';
import { CommandError, EXIT } from './exit.ts';

export interface BrokerTlsFlags {
  broker?: string;
  brokerCa?: string;
  brokerCert?: string;
  brokerKey?: string;
}

/** The flags by which commands speak to a broker by TLS, as `serve` has them. */
export const withBrokerTls = (command: Command): Command =>
  command
    .option('--broker-ca <file>', 'certificates that an mqtts:// broker is trusted by, in PEM; the machine\'s own unless given')
    .option('--broker-cert <file>', 'certificate to show an mqtts:// broker, in PEM')
    .option('--broker-key <file>', 'its key');

/** The address with the password that the environment tells for its user. */
export const brokerLogin = (address: string): string => withPassword(address, process.env[PASSWORD_VARIABLE] || undefined);

/** What TLS to the broker is spoken with. Throws a {@link CommandError} of usage that names flag and file of what cannot be used. */
export function brokerKeys({ broker, ...files }: BrokerTlsFlags): Keys {
  try {
    if (broker === undefined && (files.brokerCa ?? files.brokerCert ?? files.brokerKey) !== undefined) throw new Error('certificates for a broker need the broker: give --broker mqtts://HOST:8883');
    const named = broker === undefined ? undefined : brokerTls({ broker, ...files });
    return named ? readKeys(named) : {};
  } catch (error) {
    throw new CommandError((error as Error).message, EXIT.usage);
  }
}
