import type { Role } from '#shared/access/roles.ts';
import type { SiteConfig } from '#shared/site.ts';
import { inTransaction, type Db } from '../store/open.ts';
import { Refusal } from './refusal.ts';
import { administers, type UserRow } from './users.ts';

/** An account before the site document named it; without roles: it was not there. `out`: named no more. */
export interface Before {
  readonly roles?: Role[];
  readonly disabled?: number;
  readonly out?: true;
}

/** Thrown to undo what was only tried. */
class OnlyTried extends Error {}

/**
 * Makes accounts what the site document says: who is named is there with these roles; who was named and is no more is
 * what they were before, or disabled if they were not there. Returns the names of those that changed. Throws a
 * {@link Refusal} (409) where an identity provider says the roles, or nobody could administer any more.
 * @param trial whether to say only what would become of it
 */
export function appoint(db: Db, named: SiteConfig['users'], now: number, trial = false): string[] {
  const changed: string[] = [];
  const all = () => db.prepare<[], UserRow>('SELECT * FROM user').all();
  const set = db.prepare('UPDATE user SET roles = ?, disabled = ?, appointed = ? WHERE user_id = ?');
  const put = (row: UserRow, roles: string, disabled: number, appointed: Before | null) => {
    const kept = appointed && JSON.stringify(appointed);
    if (row.roles === roles && row.disabled === disabled && row.appointed === kept) return;
    set.run(roles, disabled, kept, row.user_id);
    if (disabled) db.prepare('DELETE FROM session WHERE user_id = ?').run(row.user_id);
    changed.push(row.name);
  };
  try {
    inTransaction(db, () => {
      const before = all();
      for (const { name, roles } of named) {
        const row = before.find((one) => one.name === name);
        const said = JSON.stringify(roles);
        if (!row) {
          db.prepare("INSERT INTO user (name, roles, created, appointed) VALUES (?, ?, ?, '{}')").run(name, said, now);
          changed.push(name);
          continue;
        }
        if (row.subject !== null) throw new Refusal(409, `${name} signs in through the identity provider, which says their roles: leave them out of users.`);
        const was = row.appointed === null ? undefined : (JSON.parse(row.appointed) as Before);
        put(row, said, was?.out ? 0 : row.disabled, was === undefined ? { roles: JSON.parse(row.roles) as Role[], disabled: row.disabled } : was.out ? {} : was);
      }
      for (const row of before) {
        const was = row.appointed === null ? undefined : (JSON.parse(row.appointed) as Before);
        if (!was || was.out || named.some(({ name }) => name === row.name)) continue;
        if (was.roles) put(row, JSON.stringify(was.roles), was.disabled ?? 0, null);
        else put(row, row.roles, 1, { out: true });
      }
      if (before.some(administers) && !all().some(administers)) throw new Refusal(409, 'Nobody with a password would be an administrator any more: leave one of those who are.');
      if (trial) throw new OnlyTried();
    });
  } catch (error) {
    if (!(error instanceof OnlyTried)) throw error;
  }
  return changed.sort();
}
