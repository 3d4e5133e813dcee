import { join, sep } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileFor } from '../../../electron/main/page-file.ts';

const ROOT = join(sep, 'srv', 'page');
const at = (path: string): string | undefined => fileFor(ROOT, `vigil://wall/${path}`);

it('serves files of the page', () => {
  expect(at('index.html?theme=dark#/or')).toBe(join(ROOT, 'index.html'));
  expect(at('assets/index-1.js')).toBe(join(ROOT, 'assets', 'index-1.js'));
});

it.each([
  ['a parent folder, encoded', '%2e%2e%2fsecret.json'],
  ['a parent folder by backslash', '..%5csecret.json'],
  ['a parent folder within', 'assets/%2e%2e%2f%2e%2e%2fsecret.json'],
  ['a folder that begins like the root', '%2e%2e%2fpage-secret%2fx.json'],
  ['a null byte', 'index.html%00.json'],
  ['a broken escape', '%zz.html'],
  ['a type that the page has not', 'store.db'],
  ['the folder itself', ''],
])('refuses %s', (_what, path) => expect(at(path)).toBeUndefined());

it('refuses other hosts and what is no address', () => {
  expect(fileFor(ROOT, 'vigil://other/index.html')).toBeUndefined();
  expect(fileFor(ROOT, 'not an address')).toBeUndefined();
});

it('never leaves the folder, whatever is asked', () => {
  const part = fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '%2f', '/', '\\', '%5c', '%00', 'a.json'), fc.string());
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const file = at(`${parts.join('')}.json`);
      expect(file === undefined || file.startsWith(ROOT + sep)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
