import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One output a process or thread; all lie flat in out/main, so that a worker is found beside whoever starts it. */
const mainEntries = {
  shell: 'electron/main/shell.ts',
  core: 'electron/core/core.ts',
  writer: 'electron/core/store/writer.ts',
  reader: 'electron/core/store/reader.ts',
  refolder: 'electron/core/store/refolder.ts',
  keeper: 'electron/core/store/keeper.ts',
  demo: 'electron/core/demo/feed.ts',
  access: 'electron/core/access/access.ts',
  vigil: 'electron/cli/vigil.ts',
};

const input = Object.fromEntries(
  Object.entries(mainEntries)
    .map(([name, file]) => [name, at(file)])
    .filter(([, file]) => existsSync(file!)),
);

/** What desks and kiosks need once somebody signs in; no wall waits for it. */
const AT_DESKS = /\/renderer\/(access\/|settings\/|boards\/SettingsBoard\.vue|stores\/session\.ts)/;

/** The page fetches the boards while it evaluates itself, not after it. */
const preloadBoards: Plugin = {
  name: 'preload-boards',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((chunk) => chunk.type === 'chunk');
      // What the entry imports is fetched with it.
      const known = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap(({ fileName, imports }) => [fileName, ...imports]));
      return chunks
        .filter(({ fileName, moduleIds }) => !known.has(fileName) && !moduleIds.some((id) => AT_DESKS.test(id)))
        .map(({ fileName }) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` }, injectTo: 'head' }));
    },
  },
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20',
      // Packages are bundled: half the time to start, and CommonJS ones may use ES modules on the older runtime too.
      externalizeDeps: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input,
        external: ['better-sqlite3'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file that may require electron alone.
      externalizeDeps: false,
      rolldownOptions: {
        input: { link: at('electron/preload/link.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [vue(), preloadBoards],
    build: {
      outDir: 'out/renderer',
      target: 'chrome130',
      // Inlined fonts and images would need data: in the page's content policy.
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      minify: true,
      sourcemap: true,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
