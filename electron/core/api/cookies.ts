import { SESSION_COOKIE } from '#shared/api/access.ts';

/** A cookie's value among those of a request; undefined if there is none. */
export function cookieOf(header: string | undefined, wanted: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name!.trim() === wanted && value) return value.trim();
  }
  return undefined;
}

/** The session's secret among the cookies of a request; undefined if there is none. */
export const sessionCookie = (header: string | undefined): string | undefined => cookieOf(header, SESSION_COOKIE);

/** Cookie that a browser keeps a session in: no script reads it, no other site's page sends it. @param seconds how long; 0 takes it back */
export const setSessionCookie = (secret: string, seconds: number, tls: boolean): string => `${SESSION_COOKIE}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${tls ? '; Secure' : ''}`;
