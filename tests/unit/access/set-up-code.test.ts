import { expect, test } from 'vitest';
import { SetUpCode } from '#core/access/set-up-code.ts';

test('given the code, however it is typed, then it is taken once', () => {
  for (const typed of [(text: string) => text, (text: string) => text.toLowerCase(), (text: string) => ` ${text.replaceAll('-', '')} `, (text: string) => text.replaceAll('0', 'o').replaceAll('1', 'l')]) {
    const code = new SetUpCode();
    expect(code.take(typed(code.text))).toBe(true);
    expect(code.open).toBe(false);
    expect(code.take(code.text)).toBe(false);
  }
});

test('given ten wrong ones, then not even the right one is taken', () => {
  const code = new SetUpCode();
  for (let i = 0; i < 10; i++) expect(code.take(`wrong ${i}`)).toBe(false);
  expect(code.open).toBe(false);
  expect(code.take(code.text)).toBe(false);
});

test('given that the account could not be made, then the code may be used again', () => {
  const code = new SetUpCode();
  code.take(code.text);
  code.giveBack();
  expect(code.take(code.text)).toBe(true);
});

test('two starts have two codes of 60 bits', () => {
  const codes = new Set(Array.from({ length: 1_000 }, () => new SetUpCode().text));
  expect(codes.size).toBe(1_000);
  for (const text of codes) expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
});
