import type { Token, User } from '#shared/api/access.ts';
import type { ExportFormat } from '#shared/api/exports.ts';
import type { Answered } from '#shared/api/operation.ts';
import type { listMetrics } from '#shared/api/snapshots.ts';
import type { Page } from './asked.ts';
import type { SiteTimes } from './site-times.ts';
import { flag, number, text, time, written, type Column, type Stored } from './written.ts';

/** A list that is short and read whole: its columns, and the rows that one of it gives. */
export interface WholeList<T> {
  readonly columns: readonly Column[];
  readonly rows: (one: T) => Stored[][];
}

/** The one page of such a list. */
export const wholePage = <T>({ columns, rows }: WholeList<T>, items: readonly T[], format: ExportFormat, times: SiteTimes): Page => written(format, { columns, rows: items.flatMap(rows) }, times);

/** Accounts: whether there is a password, PIN or badge, never what it is. */
export const USERS: WholeList<User> = {
  columns: [...text('name', 'roles'), ...flag('password', 'pin', 'badge', 'disabled'), ...time('created', 'last_login')],
  rows: ({ name, roles, password, pin, badge, disabled, created, lastLogin }) => [[name, roles.join(' '), Number(password), Number(pin), Number(badge), Number(disabled), created, lastLogin]],
};

/** API tokens, without secrets or their hashes. */
export const TOKENS: WholeList<Token> = {
  columns: [...text('name', 'scopes'), ...time('created', 'expires', 'last_used', 'revoked')],
  rows: ({ name, scopes, created, expires, lastUsed, revoked }) => [[name, scopes.join(' '), created, expires, lastUsed, revoked]],
};

type Listed = Answered<typeof listMetrics>['items'][number];

/** The catalogue of metrics: a row each, and one for each scope in which its thresholds are others. */
export const METRICS: WholeList<Listed> = {
  columns: [...text('metric', 'title', 'kind', 'unit', 'scopes', 'direction', 'where'), ...number('warn', 'crit', 'normal_from', 'normal_to'), ...text('formula', 'inputs', 'source'), ...flag('common_practice')],
  rows: ({ id, title, kind, unit, scopes, direction, formula, inputs, source, commonPractice, byScope, warn, crit, normal }) =>
    [{ where: null, warn, crit, normal }, ...byScope].map((limits) => [id, title, kind, unit, scopes.join(' '), direction, limits.where, limits.warn, limits.crit, ...limits.normal, formula, inputs.join(' '), source, Number(commonPractice)]),
};
