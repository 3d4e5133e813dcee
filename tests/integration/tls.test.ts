import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Authority } from '../rig/certificates.ts';
import { CoreProcess } from '../rig/core-process.ts';

function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function core(dir: string, flags: readonly string[], onLine?: (line: string) => void): CoreProcess {
  const process = new CoreProcess(['--data', join(dir, 'data'), '--port', '0', '--mqtt-port', '0', ...flags], onLine);
  onTestFinished(() => process.stop());
  return process;
}

test('given a core for other machines, when a browser asks it by its name, then wall and API are served by TLS', async () => {
  const dir = temporary();
  const authority = new Authority(join(dir, 'keys'));
  const { cert, key } = authority.issue('hub', ['DNS:hub.test']);
  const { wall } = await core(dir, ['--host', '0.0.0.0', '--public-name', 'hub.test', '--tls-cert', cert, '--tls-key', key]).start();
  const { port } = new URL(wall);
  expect(wall).toBe(`https://hub.test:${port}`);
  const status = (path: string) => new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, servername: 'hub.test', ca: readFileSync(authority.ca), headers: { host: `hub.test:${port}` } }, (response) => resolve((response.resume(), response.statusCode))).on('error', reject);
  });
  expect([await status('/'), await status('/api/v1/ops/health')]).toEqual([200, 200]);
});

test('given a core for other machines without certificates, then it does not start and says what to do', async () => {
  const lines: string[] = [];
  await expect(core(temporary(), ['--host', '0.0.0.0'], (line) => lines.push(line)).start()).rejects.toThrow();
  expect(lines.join('\n')).toContain('give --tls-cert and --tls-key');
});
