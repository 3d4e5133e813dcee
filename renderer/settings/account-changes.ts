import type { Account } from '#shared/api/access.ts';

type Shown = Pick<Account, 'roles' | 'disabled' | 'password' | 'pin' | 'badge'>;
interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What somebody signs in by, in words. */
export const signsInBy = ({ password, pin, badge }: Shown): string => [password && 'password', pin && 'PIN', badge && 'badge'].filter(Boolean).join(', ') || 'nothing';

const FIELDS: readonly [name: string, text: (account: Shown) => string][] = [
  ['roles', ({ roles }) => roles.join(', ') || 'none'],
  ['disabled', ({ disabled }) => (disabled ? 'yes' : 'no')],
  ['signsInBy', signsInBy],
];

/** Where two versions of an account differ; none where a secret took another's place: secrets are not told. */
export const accountChanges = (before: Shown, after: Shown): Change[] =>
  FIELDS.map(([name, text]) => ({ path: `/${name}`, before: text(before), after: text(after) })).filter((change) => change.before !== change.after);
