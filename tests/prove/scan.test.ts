import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { operationsOf, type Document } from '../rig/api-document.ts';
import { valuesOf, type JsonSchema } from '../rig/json-arbitrary.ts';
import { Station } from '../rig/station.ts';
import { seed } from '../setup.ts';

/** Of wapiti: what needs no machine outside this one. */
const MODULES = ['blindsql', 'cookieflags', 'crlf', 'csp', 'exec', 'file', 'htaccess', 'http_headers', 'methods', 'permanentxss', 'redirect', 'shellshock', 'sql', 'xss'];
/** Seconds of each module. */
const ATTACK_S = 120;

interface Report {
  readonly vulnerabilities: Readonly<Record<string, readonly Finding[]>>;
  readonly anomalies: Readonly<Record<string, readonly Finding[]>>;
  readonly infos: { readonly crawled_pages_nbr?: number };
}
interface Finding {
  readonly path: string;
  readonly info: string;
  readonly parameter: string;
}

/** Findings that are as they are meant, and why. */
const MEANT: readonly { readonly kind: string; readonly info: RegExp; readonly why: string }[] = [
  { kind: 'HTTP Secure Headers', info: /Strict-Transport-Security/, why: 'by TLS alone: a browser heeds it nowhere else (RFC 6797, 8.1)' },
  { kind: 'HTTP Secure Headers', info: /X-XSS-Protection/, why: 'no browser knows it any more; the content security policy allows no inline script' },
  { kind: 'HTTP Secure Headers', info: /X-Frame-Options/, why: "frame-ancestors 'none' of the content security policy says it" },
];

async function run(args: readonly string[]): Promise<string> {
  const scanner = spawn('wapiti', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void scanner.kill());
  let said = '';
  for (const stream of [scanner.stdout, scanner.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => scanner.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`wapiti ended with ${code}: ${said.slice(-2_000)}`);
  return said;
}

test('given the running API with an administrator\'s credential, when wapiti attacks every read, then it finds nothing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  const failures: string[] = [];
  const here = await Station.start('embedded', dir, { onLine: (line) => (line.includes(' failed: ') ? failures.push(line) : undefined) });
  onTestFinished(async () => {
    await here.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const document = (await (await here.ask('GET', '/openapi.json')).json()) as Document;
  const one = (schema: JsonSchema) => encodeURIComponent(String(fc.sample(valuesOf(schema, document as unknown as JsonSchema), { numRuns: 1, seed })[0]));
  const reads = operationsOf(document).filter(({ method, responses }) => method === 'GET' && !JSON.stringify(responses).includes('text/event-stream'));
  const starts = reads.map(({ path, parameters }) => {
    const of = (where: string) => parameters.filter((parameter) => parameter.in === where);
    const full = of('path').reduce((so, { name, schema }) => so.replace(`{${name}}`, one(schema) || 'x'), path);
    const query = of('query').map(({ name, schema }) => `${name}=${one(schema)}`).join('&');
    return `${here.wall}${full}${query === '' ? '' : `?${query}`}`;
  });
  const report = join(dir, 'report.json');
  await run([
    '-u', `${here.wall}${API_BASE}/`, '--scope', 'folder', ...starts.flatMap((start) => ['-s', start]), '-d', '1', '-m', MODULES.join(), '--max-attack-time', String(ATTACK_S), '-t', '10',
    '-H', `Authorization: Bearer ${readLocalToken(storeFiles(here.data, DEFAULT_SITE).token)!}`, '--flush-session', '--store-session', join(dir, 'session'), '--store-config', join(dir, 'config'), '--no-bugreport', '-f', 'json', '-o', report,
  ]);
  const { vulnerabilities, anomalies, infos } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const found = [vulnerabilities, anomalies].flatMap((kinds) => Object.entries(kinds).flatMap(([kind, findings]) => findings.map(({ path, info, parameter }) => ({ kind, path, info, parameter }))));
  const open = found.filter(({ kind, info }) => !MEANT.some((meant) => meant.kind === kind && meant.info.test(info)));
  console.info(`wapiti: ${starts.length} addresses, ${infos.crawled_pages_nbr ?? '?'} pages, ${MODULES.length} modules, ${found.length} findings, ${open.length} of them not meant`);
  expect(open).toEqual([]);
  expect(failures).toEqual([]);
  expect((await here.health())['broker']).toBe('connected');
});
