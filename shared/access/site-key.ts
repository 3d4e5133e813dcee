/** A site's key has at least so many bytes. */
export const SITE_KEY_BYTES = 32;
