const HOUR = 3_600_000;

/**
 * How long stays, orders, cases and all else that closes stay in memory after they were last spoken of, in ms: the
 * longest day (25 h), the longest look back from it (72 h, of those who return), and an hour to count them.
 */
export const KEEP_CLOSED_MS = (25 + 72 + 1) * HOUR;
