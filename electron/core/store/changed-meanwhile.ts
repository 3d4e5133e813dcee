/** Somebody else changed meanwhile what was to be changed; says what, and what to do. */
export class ChangedMeanwhile extends Error {}
