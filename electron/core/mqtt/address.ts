import type { IClientOptions } from 'mqtt';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 };

/**
 * Reads a broker's URL for MQTT.js, which would use Node's deprecated parser for it.
 * @throws Error that names the URL when it is none, or of another protocol
 */
export function brokerAddress(url: string): IClientOptions {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = parsed?.protocol.slice(0, -1);
  if (!parsed?.hostname || !protocol || !(protocol in DEFAULT_PORTS)) {
    throw new Error(`${withoutPassword(url)} is not the address of a broker; write for example mqtt://broker.hospital:1883`);
  }
  return {
    protocol: protocol as 'mqtt' | 'mqtts' | 'ws' | 'wss',
    // Sockets take an IPv6 address bare; the URLs that MQTT.js makes for WebSockets need its brackets.
    host: protocol.startsWith('mqtt') ? parsed.hostname.replace(/^\[|\]$/g, '') : parsed.hostname,
    port: Number(parsed.port) || DEFAULT_PORTS[protocol]!,
    path: parsed.pathname,
    ...(parsed.username ? { username: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) } : {}),
  };
}

/** The address with who signs in there. */
export const withLogin = (address: string, user: string | undefined, password: string | undefined): string =>
  user === undefined ? address : withPassword(address.replace('://', `://${encodeURIComponent(user)}@`), password);

/** The address with a password for the user that it names without one; any other stays as it is. */
export const withPassword = (address: string, password: string | undefined): string =>
  password === undefined ? address : address.replace(/^(\w+:\/\/[^:@/]+)@/, (_, user: string) => `${user}:${encodeURIComponent(password)}@`);

/** The address as it may be shown and logged, also one that is malformed. */
export const withoutPassword = (url: string): string => url.replace(/:(?!\/\/).*@/, ':***@');
