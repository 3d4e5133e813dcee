import { Command, Option } from 'commander';
import { PERMISSION_NAMES } from '#shared/access/roles.ts';
import { newTokenSchema, type Token } from '#shared/api/access.ts';
import { changeFile, checked, onAccessFile, time, withAccess, withCore, type AccessFlags } from './access-file.ts';
import { askCore, requestCore } from './running-core.ts';
import { collect } from './store-options.ts';

const add = withCore(new Command('add'))
  .description('make an API token and show its secret once')
  .argument('<name>', 'whose it is, such as bi')
  .addOption(new Option('--scope <permission>', `repeatable: ${PERMISSION_NAMES.join(', ')}`).argParser(collect).default([], 'none'))
  .option('--days <n>', 'until it ends', Number, 365)
  .action(async (name: string, flags: AccessFlags & { scope: string[]; days: number }) => {
    const body = checked(newTokenSchema, { name, scopes: flags.scope, days: flags.days });
    const subject = { token: name, scopes: body.scopes.join(' '), days: body.days };
    const token = flags.core ? await askCore<Token & { secret: string }>(flags.core, flags, '/api/v1/ops/tokens', body) : await changeFile(flags, 'createToken', subject, (store) => store.createToken(body));
    process.stdout.write(flags.json ? `${JSON.stringify(token)}\n` : `${token.name} until ${time(token.expires)}, shown this once: ${token.secret}\n`);
  });

const revoke = withCore(new Command('revoke'))
  .description('end an API token')
  .argument('<name>', 'of the token')
  .action(async (name: string, flags: AccessFlags) => {
    if (flags.core) await requestCore(flags.core, flags, `/api/v1/ops/tokens/${encodeURIComponent(name)}`, { method: 'DELETE' });
    else await changeFile(flags, 'revokeToken', { name }, (store) => store.revokeToken(name));
    process.stdout.write(flags.json ? `${JSON.stringify({ revoked: name })}\n` : `${name} has ended\n`);
  });

const list = withAccess(new Command('list'))
  .description('every API token, those that ended too')
  .action(async (flags: AccessFlags) => {
    const tokens = await onAccessFile(flags, (store) => store.listTokens());
    if (flags.json) process.stdout.write(`${JSON.stringify(tokens)}\n`);
    else for (const { name, scopes, expires, lastUsed, revoked } of tokens) process.stdout.write(`${name}\t${scopes.join(' ')}\t${revoked === null ? `until ${time(expires)}` : `revoked ${time(revoked)}`}\tlast used ${time(lastUsed)}\n`);
  });

/** `vigil token add|list|revoke`: how other systems show who they are. */
export const tokenCommand = new Command('token').description('API tokens: add, list, revoke').addCommand(list, { isDefault: true }).addCommand(add).addCommand(revoke)
  .addHelpText('after', '\nWorks on the file itself, also while a core runs on it, or through the core with --core.\nExit codes: 0 done, 1 failed, 2 usage.');
