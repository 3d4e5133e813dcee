import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { layerImports } from '../../../tools/lint/layer-imports.ts';
import { pureLayers } from '../../../tools/lint/pure-layers.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser as never } });
const at = (filename: string, code: string) => ({ filename, code });
const refused = (filename: string, code: string) => ({ ...at(filename, code), errors: [{ messageId: 'refused' }] });
const impure = (code: string, filename = 'electron/core/domain/beds/fold.ts') => ({
  ...at(filename, code),
  errors: [{ messageId: 'impure' }],
});

tester.run('layer-imports', layerImports, {
  valid: [
    at('electron/core/domain/beds/fold.ts', `import { bed } from '#shared/events/types/bed.ts'`),
    at('electron/core/domain/beds/fold.ts', `import type { Area } from '../area.ts'`),
    at('electron/core/metrics/formulas/los.ts', `import { house } from '../../domain/house.ts'`),
    at('electron/core/store/open.ts', `import Database from 'better-sqlite3'; import 'node:fs'; import '../domain/house.ts'`),
    at('electron/cli/load.ts', `import { load } from '#core/store/load.ts'`),
    at('electron/main/windows.ts', `import { app } from 'electron'; import 'node:path'; import '#shared/layout.ts'`),
    at('electron/preload/link.ts', `import { ipcRenderer } from 'electron'`),
    at('renderer/main.ts', `import { createApp } from 'vue'; import 'pinia'; import '#shared/json.ts'`),
    at('shared/site.ts', `import { z } from 'zod'; import './json.ts'`),
    at('tests/unit/anything.test.ts', `import 'electron'; import '../../renderer/main.ts'`),
  ],
  invalid: [
    refused('electron/core/domain/beds/fold.ts', `import { readFileSync } from 'node:fs'`),
    refused('electron/core/domain/beds/fold.ts', `import { readFileSync } from 'fs'`),
    refused('electron/core/domain/beds/fold.ts', `import { store } from '../../store/open.ts'`),
    refused('electron/core/domain/beds/fold.ts', `import type { Db } from '#core/store/open.ts'`),
    refused('electron/core/domain/beds/fold.ts', `import { mean } from '../../metrics/statistics.ts'`),
    refused('electron/core/metrics/los.ts', `import { ref } from 'vue'`),
    refused('electron/core/views/frame.ts', `import 'node:os'`),
    refused('electron/core/core.ts', `import { app } from 'electron'`),
    refused('electron/core/core.ts', `import { app } from 'electron/main'`),
    refused('electron/core/core.ts', `export { app } from 'electron'`),
    refused('electron/core/core.ts', `export * from 'electron'`),
    refused('electron/core/core.ts', `const electron = await import('electron')`),
    refused('electron/core/core.ts', `const electron = require('electron')`),
    refused('electron/core/core.ts', `let app: import('electron').App`),
    refused('electron/core/core.ts', `import '../main/shell.ts'`),
    refused('electron/cli/serve.ts', `import 'electron'`),
    refused('electron/main/shell.ts', `import '#core/core.ts'`),
    refused('electron/main/shell.ts', `import '../core/core.ts'`),
    refused('electron/main/shell.ts', `import Database from 'better-sqlite3'`),
    refused('electron/preload/link.ts', `import 'node:fs'`),
    refused('renderer/main.ts', `import 'electron'`),
    refused('renderer/main.ts', `import 'node:path'`),
    refused('renderer/main.ts', `import '#core/domain/house.ts'`),
    refused('renderer/main.ts', `import '../electron/core/domain/house.ts'`),
    refused('renderer/main.ts', `import '../tests/rig/rig.ts'`),
    refused('shared/site.ts', `import { DateTime } from 'luxon'`),
    refused('shared/site.ts', `import '#core/domain/house.ts'`),
    refused('shared/site.ts', `import '../renderer/main.ts'`),
  ],
});

const CLOCK = 'electron/core/clock/clock.ts';

tester.run('pure-layers', pureLayers, {
  valid: [
    at('electron/core/domain/beds/fold.ts', `const at = new Date(time); const ms = Date.parse(text)`),
    at('electron/core/domain/beds/fold.ts', `export const late = (when: Date): boolean => when > limit`),
    at('electron/core/domain/beds/fold.ts', `const performance = 3; export const twice = performance * 2`),
    at('electron/core/domain/beds/fold.ts', `export const name = (location: string) => location.trim()`),
    at('electron/core/domain/beds/fold.ts', `export const kept = event.process`),
    at('electron/core/metrics/days.ts', `import { DateTime } from 'luxon'; DateTime.fromMillis(now, { zone })`),
    at(CLOCK, `export const now = () => Date.now(); setTimeout(now, 1)`),
    at('electron/core/domain/beds/fold.ts', `const highest = Math.max(1, 2)`),
  ],
  invalid: [
    impure(`const now = Date.now()`),
    impure(`const now = Date['now']()`),
    impure(`const now = new Date()`),
    impure(`const now = Date()`),
    impure(`const dice = Math.random()`),
    impure(`const t = performance.now()`),
    impure(`setTimeout(() => 1, 10)`),
    impure(`setInterval(() => 1, 10)`),
    impure(`const home = process.env.HOME`),
    impure(`const text = Buffer.from('')`),
    impure(`document.title = 'x'`),
    impure(`const w = window`),
    impure(`const id = crypto.randomUUID()`),
    impure(`const g = globalThis`),
    impure(`import { DateTime } from 'luxon'; DateTime.now()`),
    impure(`import { DateTime } from 'luxon'; DateTime.utc()`, 'electron/core/metrics/days.ts'),
    impure(`const now = Date.now()`, 'electron/core/views/frame.ts'),
  ],
});
