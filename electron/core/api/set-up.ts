import { getSetUp, setUp } from '#shared/api/set-up.ts';
import type { AccessThread } from '../access/access-thread.ts';
import { Refusal } from '../access/refusal.ts';
import type { SetUpCode } from '../access/set-up-code.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

export interface SetUpParts {
  readonly code: SetUpCode;
}

/** The first account of a site that has none. */
export function setUpRoutes({ code }: SetUpParts, access: AccessThread): Route[] {
  // Accounts are never deleted: once there is one, there is.
  let anybody = false;
  const needed = async (): Promise<boolean> => {
    anybody ||= await access.call('listUsers').then((users) => users.length > 0, unavailable);
    return !anybody;
  };
  return [
    route(getSetUp, async () => ({ needed: await needed() })),
    route(setUp, async ({ body: { code: given, name, password } }, { note }) => {
      note({ user: name });
      if (!(await needed())) throw new Problem(409, 'There is an account already: sign in by it, or have an administrator make another.');
      if (!code.open) throw new Problem(409, 'The code was guessed at too often and is not taken any more. Start the core again, or make the account on its machine: vigil user add NAME --role admin');
      if (!code.take(given)) throw new Problem(403, 'This is not the code that the core told its log when it started.');
      try {
        const user = await access.call('createUser', { name, password, roles: ['admin'] });
        anybody = true;
        return user;
      } catch (error) {
        code.giveBack();
        if (error instanceof Refusal) throw new Problem(409, error.message);
        return unavailable();
      }
    }),
  ];
}

function unavailable(): never {
  throw new Problem(503, 'Accounts cannot be used now. Health tells why.', { headers: { 'retry-after': '5' } });
}
