import { z } from 'zod';

/** Name of a local account or token. */
export const userName = () => z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/, 'lower case letters, digits, ".", "_", "@" and "-", up to 64');
