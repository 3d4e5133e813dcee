/** Departments that can be computed anew from the log. */
export const REFRESH_DOMAINS = ['adt', 'beds', 'ed', 'icu', 'or', 'lab', 'imaging', 'pharmacy', 'rcm', 'sources'] as const;
export type RefreshDomain = (typeof REFRESH_DOMAINS)[number];
