import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CertificateWatch } from '#core/tls/certificate-watch.ts';
import { Authority } from '../../rig/certificates.ts';

const DAY_MS = 86_400_000;
const named = (flag: string, file: string) => ({ flag, file });

function authority(): Authority {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return new Authority(dir);
}

test('given certificates, when one ends within 21 days or has ended, then flag, file, subject and day are told, and no more once it is renewed', () => {
  const of = authority();
  const [long, short] = [of.issue('long', undefined, 90), of.issue('short', undefined, 22)];
  const watch = new CertificateWatch([{ cert: named('--tls-cert', long.cert), key: named('--tls-key', long.key) }, { cert: named('--broker-cert', short.cert), key: named('--broker-key', short.key) }]);
  const now = Date.now();
  expect(watch.ending(now)).toEqual([]);
  expect(watch.ending(now + 2 * DAY_MS)).toEqual([expect.stringMatching(/^--broker-cert .*short\.pem \(CN=short\) ends in 19 days \(\w{3} .* GMT\)$/)]);
  expect(watch.ending(now + 23 * DAY_MS)).toEqual([expect.stringMatching(/short\.pem \(CN=short\) ended on /)]);
  copyFileSync(of.issue('renewed', undefined, 60).cert, short.cert);
  expect(watch.ending(now + 2 * DAY_MS)).toEqual([]);
});

test('given a chain, when one of it ends, then it is told; given authorities, only when the last of them does', () => {
  const of = authority();
  const [leaf, between] = [of.issue('leaf', undefined, 90), of.issue('between', undefined, 5)];
  const chain = `${leaf.cert}.chain`;
  writeFileSync(chain, readFileSync(leaf.cert, 'utf8') + readFileSync(between.cert, 'utf8'));
  const watch = new CertificateWatch([{ cert: named('--tls-cert', chain), ca: named('--tls-client-ca', chain) }]);
  expect(watch.ending(Date.now())).toEqual([expect.stringContaining('(CN=between) ends in 4 days')]);
  expect(watch.ending(Date.now() + 80 * DAY_MS)).toHaveLength(2);
});

test('given a file that cannot be read, then nothing is told of its end', () => {
  expect(new CertificateWatch([{ ca: named('--broker-ca', '/nowhere.pem') }]).ending(0)).toEqual([]);
});
