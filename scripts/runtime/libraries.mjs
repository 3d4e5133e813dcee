import { ensurePackages } from '../setup/apt.mjs';
import { quietly } from '../setup/run.mjs';

/** Debian packages behind the shared libraries that Electron loads. */
export const ELECTRON_PACKAGES = [
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0', 'libdrm2', 'libxkbcommon0'],
  ...['libxcomposite1', 'libxdamage1', 'libxrandr2', 'libcups2'],
];

/** Installs the system libraries that the runtime lacks, or throws with the one line that names them. */
export async function ensureLibraries(electron) {
  if (process.platform !== 'linux') return;
  const { output } = await quietly('ldd', [electron]);
  if (/not found/.test(output)) await ensurePackages('Electron', ELECTRON_PACKAGES);
}
