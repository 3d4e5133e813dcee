import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ELECTRON = fileURLToPath(new URL('../../../electron', import.meta.url));
const sources = ['main', 'preload'].flatMap((folder) => readdirSync(join(ELECTRON, folder)).map((file) => ({ file, text: readFileSync(join(ELECTRON, folder, file), 'utf8') })));
const found = (pattern: RegExp) => sources.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([match]) => `${file}: ${match}`));

test('nothing opens an address outside of the app', () => {
  expect(found(/openExternal|openPath|\bshell\b[^'.\n]*\} from 'electron'/g)).toEqual([]);
});

test('nothing starts the reporter of crashes, whose minidumps hold memory', () => {
  expect(found(/crashReporter/g)).toEqual([]);
});

test('the shell answers no call of a page, and hears of pages only what it has looked at the sender of', () => {
  expect(found(/ipcMain\.(?:handle|once|handleOnce|addListener)\b/g)).toEqual([]);
  const heard = found(/ipcMain\.on\('[^']+', \(event\) => \{\s*(?:[^\n]*)/g);
  expect(heard.length).toBe(found(/ipcMain\.on\(/g).length);
  expect(heard.length).toBeGreaterThan(0);
  for (const one of heard) expect(one).toMatch(/\{\s*if \(!?isOwnPage\(event\)\)/);
});

test('the preload puts nothing of Electron into the page', () => {
  expect(found(/exposeInMainWorld|contextBridge/g)).toEqual([]);
});

test('no window turns a protection of Chromium off', () => {
  expect(found(/allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|webSecurity: false|sandbox: false|contextIsolation: false|nodeIntegration\w*: true|webviewTag: true/g)).toEqual([]);
});
