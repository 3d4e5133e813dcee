import type { FastifyReply } from 'fastify';
import { entityTag, matches } from './entity-tag.ts';
import { Problem } from './problem.ts';
import type { Caller } from './routes.ts';

const tagOf = (item: object): string => entityTag(JSON.stringify(item));

/**
 * Throws a {@link Problem} (412) unless what is there, as it is told, is what the caller means. Whoever writes then
 * says to the store from what: somebody else may come between.
 * @param item undefined: there is none
 * @param found what is there, and how to read it
 */
export function heed({ ifMatch, ifAbsent }: Pick<Caller, 'ifMatch' | 'ifAbsent'>, item: object | undefined, found: string): void {
  const isMeant = (ifMatch === undefined || (item !== undefined && matches(ifMatch, tagOf(item)))) && !(ifAbsent && item !== undefined);
  if (!isMeant) throw new Problem(412, found);
}

/** An item as a write left it, with its ETag: who goes on need not read it again. */
export function tagged<T extends object>(reply: FastifyReply, item: T): T {
  reply.header('etag', tagOf(item));
  return item;
}
