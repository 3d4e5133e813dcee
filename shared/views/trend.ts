/** How far back the course of a number goes, ms. */
export const TREND_MS = 8 * 3_600_000;

/** The change beside a number is that of the last quarter of its course. */
export const CHANGE_MS = TREND_MS / 4;

/** Points of a course are so far apart. */
export const TREND_STEP_MS = 5 * 60_000;

/** How long a point may stand for what comes after it; a wider gap was not measured. */
export const POINT_HOLDS_MS = 10 * 60_000;
