import { randomBytes, randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { ROLE_NAMES } from '#shared/access/roles.ts';
import { weaknessOf } from '#shared/access/weak-pin.ts';
import { newUserSchema, userChangeSchema, type Account } from '#shared/api/access.ts';
import { changeFile, checked, onAccessFile, time, withAccess, withCore, type AccessFlags } from './access-file.ts';
import { CommandError, EXIT } from './exit.ts';
import { askCore, requestCore } from './running-core.ts';
import { collect } from './store-options.ts';

interface UserFlags extends AccessFlags {
  role: string[];
  password?: boolean;
  passwordStdin?: boolean;
  pin?: boolean;
  badge?: string;
  disable?: boolean;
  enable?: boolean;
}

const roleFlag = () => new Option('--role <role>', `repeatable: ${ROLE_NAMES.join(', ')}`).argParser(collect).default([], 'none');

const secretFlags = (command: Command): Command =>
  command
    .option('--password-stdin', 'the first line of stdin is the password')
    .option('--pin', 'make a PIN for kiosks and show it once')
    .option('--badge <number>', 'number of a badge for kiosks');

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  const line = text.split(/\r?\n/)[0]!;
  if (line === '') throw new CommandError('stdin holds no password', EXIT.usage);
  return line;
}

function newPin(): string {
  const pin = String(randomInt(1_000_000)).padStart(6, '0');
  return weaknessOf(pin) === undefined ? pin : newPin();
}

/** Secrets that the flags ask for, and of those what was made here and must be shown. */
async function secrets(flags: UserFlags, password: boolean): Promise<{ given: Record<string, string>; made: Record<string, string> }> {
  const made = {
    ...(password && !flags.passwordStdin ? { password: randomBytes(15).toString('base64url') } : {}),
    ...(flags.pin ? { pin: newPin() } : {}),
  };
  return { made, given: { ...made, ...(flags.passwordStdin ? { password: await firstLine() } : {}), ...(flags.badge === undefined ? {} : { badge: flags.badge }) } };
}

function tell(flags: UserFlags, user: Account, made: Record<string, string>): void {
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...user, made })}\n`);
  else {
    process.stdout.write(`${user.name}: ${user.disabled ? 'disabled, ' : ''}${user.roles.join(' ') || 'no role'}\n`);
    for (const [kind, secret] of Object.entries(made)) process.stdout.write(`${kind}, shown this once: ${secret}\n`);
  }
}

const add = secretFlags(withCore(new Command('add')))
  .description('make an account; without --password-stdin its password is made and shown once')
  .argument('<name>', 'for signing in')
  .addOption(roleFlag())
  .action(async (name: string, flags: UserFlags) => {
    const { given, made } = await secrets(flags, true);
    const body = checked(newUserSchema, { name, roles: flags.role, ...given });
    const subject = { user: name, roles: body.roles.join(' ') };
    tell(flags, flags.core ? await askCore<Account>(flags.core, flags, '/api/v1/ops/users', body) : await changeFile(flags, 'createUser', subject, (store) => store.createUser(body)), made);
  });

const set = secretFlags(withCore(new Command('set')))
  .description('change an account: roles, password, PIN, badge, disabled')
  .argument('<name>', 'of the account')
  .addOption(roleFlag())
  .option('--password', 'make a new password and show it once')
  .addOption(new Option('--disable', 'nobody signs in by it any more').conflicts('enable'))
  .option('--enable', 'let it be used again')
  .action(async (name: string, flags: UserFlags) => {
    const { given, made } = await secrets(flags, flags.password === true);
    const disabled = flags.disable ? true : flags.enable ? false : undefined;
    const body = checked(userChangeSchema, { ...given, ...(flags.role.length > 0 ? { roles: flags.role } : {}), ...(disabled === undefined ? {} : { disabled }) });
    const subject = { name, changed: Object.keys(body).join(' '), ...(body.roles ? { roles: body.roles.join(' ') } : {}) };
    tell(flags, flags.core ? (await requestCore<Account>(flags.core, flags, `/api/v1/ops/users/${name}`, { method: 'PUT', body, headers: { 'if-match': '*' } })).answer : await changeFile(flags, 'updateUser', subject, (store) => store.updateUser(name, body)), made);
  });

const list = withAccess(new Command('list'))
  .description('every account')
  .action(async (flags: AccessFlags) => {
    const users = await onAccessFile(flags, (store) => store.listUsers());
    if (flags.json) process.stdout.write(`${JSON.stringify(users)}\n`);
    else for (const { name, roles, disabled, lastLogin } of users) process.stdout.write(`${name}\t${disabled ? 'disabled' : roles.join(' ')}\tlast here ${time(lastLogin)}\n`);
  });

/** `vigil user add|set|list`: who may sign in. */
export const userCommand = new Command('user').description('local accounts: add, set, list').addCommand(list, { isDefault: true }).addCommand(add).addCommand(set)
  .addHelpText('after', '\nWorks on the file itself, also while a core runs on it, or through the core with --core.\nExit codes: 0 done, 1 failed, 2 usage.');
