import { fallbackElectron } from './fallback.mjs';
import { ensureLibraries } from './libraries.mjs';
import { officialElectron } from './official.mjs';
import { sqliteBindingFor } from './sqlite-binding.mjs';

/**
 * An Electron to run the desktop app with: the declared one, or where its download is not reachable the pinned
 * development runtime with what it needs.
 * @returns {Promise<{ path: string, env: Record<string, string>, fallback: boolean } | undefined>}
 */
export async function electronRuntime() {
  const official = await officialElectron();
  const path = official ?? (await fallbackElectron());
  if (!path) return undefined;
  await ensureLibraries(path);
  if (official) return { path, env: {}, fallback: false };
  return { path, env: { VIGIL_SQLITE_BINDING: await sqliteBindingFor(path) }, fallback: true };
}
