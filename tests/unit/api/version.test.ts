import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VERSION } from '#core/version.ts';

test('the version that Vigil tells is that of its package', () => {
  expect(VERSION).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});
