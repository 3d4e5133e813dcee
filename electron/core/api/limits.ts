import { isIPv6, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Buckets, type Rate } from './buckets.ts';
import { Problem } from './problem.ts';

export interface Limits {
  /** Everything that comes from one address, before anyone knows who asks. */
  readonly address: Rate;
  /** Everything that one user or token asks, from wherever. */
  readonly principal: Rate;
  /** Of that: what is no GET. */
  readonly writes: Rate;
  /** What is no GET, or leaves an entry in the audit trail, and comes without a credential, by address: signing in. */
  readonly unknown: Rate;
}

/** Walls and desks of a hospital behind one address stay far below; a loop that has gone wild does not take the core along. */
export const LIMITS: Limits = {
  address: { perSecond: 5_000, burst: 10_000 },
  principal: { perSecond: 4_000, burst: 8_000 },
  writes: { perSecond: 100, burst: 400 },
  unknown: { perSecond: 5, burst: 50 },
};

/** Characters of an address with its query. */
export const URL_LIMIT = 4_096;

/** Refuses what is asked too often, or at too long an address, before a body is read. */
export function limit(server: FastifyInstance, limits: Limits = LIMITS): void {
  const [addresses, principals, writes, unknown] = [new Buckets(limits.address), new Buckets(limits.principal), new Buckets(limits.writes), new Buckets(limits.unknown)];
  server.addHook('onRequest', async (request) => {
    const from = network(request.ip);
    within(addresses.take(from), 'this address');
    if (request.url.length > URL_LIMIT) throw new Problem(414, `This address has ${request.url.length} characters; ${URL_LIMIT} are read.`);
  });
  // By now the route knows who asks.
  server.addHook('preParsing', async ({ principal, method, ip, routeOptions }) => {
    const reads = method === 'GET' || method === 'HEAD';
    if (!principal) return;
    if (principal.kind === 'anyone') return reads && !routeOptions.config.audited ? undefined : within(unknown.take(network(ip)), 'from this address without a credential');
    const who = `${principal.kind} ${principal.name}`;
    within(principals.take(who), principal.name);
    if (!reads) within(writes.take(who), `writes of ${principal.name}`);
  });
}

/** Of the connections that a core takes, those that one address may have: a program that holds on to them shuts nobody else out. */
export const CONNECTIONS_EACH = 2_000;

/** Ends each connection beyond what one address may have, before anything is read from it. */
export function limitConnections(server: Server, each = CONNECTIONS_EACH): void {
  const held = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const from = network(socket.remoteAddress ?? '');
    const now = held.get(from) ?? 0;
    if (now >= each) return void socket.destroy();
    held.set(from, now + 1);
    socket.once('close', () => {
      const left = held.get(from)! - 1;
      if (left === 0) held.delete(from);
      else held.set(from, left);
    });
  });
}

function within(seconds: number, what: string): void {
  if (seconds > 0) throw new Problem(429, `Too many requests (${what}): ask again in ${seconds} s.`, { headers: { 'retry-after': String(seconds) } });
}

/** Whom an address belongs to: of IPv6 the network of 64 bits, which is what one subscriber has. */
export function network(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::');
  const [left, right] = [head.split(':'), tail === undefined || tail === '' ? [] : tail.split(':')];
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
