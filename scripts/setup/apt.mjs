import { quietly } from './run.mjs';
import { SetupError, step } from './say.mjs';

export const isRoot = () => process.getuid?.() === 0;

const have = async (command, args) => (await quietly(command, args)).code === 0;

/** Debian 13 and Ubuntu 24.04 renamed libraries built for 64-bit time. */
const present = async (name) => ((await have('apt-cache', ['show', '--no-all-versions', name])) ? name : `${name}t64`);

export const aptLine = (packages) => `apt-get install ${packages.join(' ')}`;

/**
 * Installs Debian packages as root; throws, naming the one line to run, where that cannot be done.
 * @param {string} why what the packages are for, as the start of a sentence
 * @param {string[]} packages
 */
export async function ensurePackages(why, packages) {
  const apt = await have('apt-get', ['--version']);
  if (!apt) throw new SetupError(`${why} needs these packages (by their Debian names): ${packages.join(' ')}`);
  if (!isRoot()) throw new SetupError(`${why} needs system packages. Run as root: ${aptLine(packages)}`);
  await step(`installing system packages for ${why}: ${packages.join(' ')}`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const update = await quietly('apt-get', ['update', '-q'], { env });
    const names = [];
    for (const name of packages) names.push(await present(name));
    const install = await quietly('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env });
    if (install.code === 0) return;
    const output = update.code === 0 ? install.output : `${update.output}\n${install.output}`;
    throw new SetupError(`${output}\n\nThe system packages could not be installed. Try: ${aptLine(names)}`);
  });
}
