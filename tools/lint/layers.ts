import { builtinModules } from 'node:module';
import { posix } from 'node:path';

export type Layer = {
  name: string;
  /** Folder from the project's root, with a closing slash. */
  folder: string;
  /** Layers it may import besides itself. */
  layers: readonly string[];
  /** Packages it may import; `*` is any that no entry of `never` names. */
  packages: readonly string[];
  never?: readonly string[];
  node: boolean;
  /** No clock, chance, timer, DOM or process: time and seeds come in as arguments. */
  pure?: boolean;
};

const FACE = ['vue', 'pinia', 'echarts'];

/** The first folder that fits decides: the narrower stands before the wider. */
export const LAYERS: readonly Layer[] = [
  { name: 'domain', folder: 'electron/core/domain/', layers: ['shared'], packages: ['luxon', 'zod'], node: false, pure: true },
  { name: 'metrics', folder: 'electron/core/metrics/', layers: ['domain', 'shared'], packages: ['luxon', 'zod'], node: false, pure: true },
  { name: 'views', folder: 'electron/core/views/', layers: ['domain', 'metrics', 'shared'], packages: ['luxon', 'zod'], node: false, pure: true },
  { name: 'snapshots', folder: 'electron/core/snapshots/', layers: ['domain', 'metrics', 'shared'], packages: [], node: false, pure: true },
  { name: 'analytics', folder: 'electron/core/analytics/', layers: ['shared'], packages: ['luxon'], node: false, pure: true },
  { name: 'engine', folder: 'electron/core/simulate/engine/', layers: [], packages: [], node: false, pure: true },
  { name: 'hospital', folder: 'electron/core/simulate/hospital/', layers: ['engine', 'distributions', 'parameters', 'shared'], packages: ['luxon', 'zod'], node: false, pure: true },
  { name: 'distributions', folder: 'electron/core/simulate/distributions/', layers: ['engine', 'shared'], packages: ['luxon', 'zod'], node: false, pure: true },
  { name: 'core', folder: 'electron/core/', layers: ['domain', 'metrics', 'views', 'snapshots', 'analytics', 'engine', 'distributions', 'hospital', 'shared'], packages: ['*'], never: ['electron', ...FACE], node: true },
  { name: 'cli', folder: 'electron/cli/', layers: ['core', 'domain', 'metrics', 'views', 'snapshots', 'analytics', 'engine', 'distributions', 'hospital', 'shared'], packages: ['*'], never: ['electron', ...FACE], node: true },
  { name: 'main', folder: 'electron/main/', layers: ['shared'], packages: ['electron', 'yaml', 'zod'], node: true },
  { name: 'preload', folder: 'electron/preload/', layers: ['shared'], packages: ['electron'], node: false },
  { name: 'renderer', folder: 'renderer/', layers: ['shared'], packages: [...FACE, '@fontsource-variable/inter', 'luxon', 'zod'], node: false },
  { name: 'shared', folder: 'shared/', layers: [], packages: ['zod'], node: false },
];

export const layerOf = (file: string): Layer | undefined => LAYERS.find((layer) => file.startsWith(layer.folder));

const ALIASES: Record<string, string> = { '#shared/': 'shared/', '#core/': 'electron/core/' };

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0]!);

const packageName = (specifier: string): string =>
  specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');

/**
 * Why the file may not import the specifier, or undefined when it may.
 * @param file path from the project's root, with forward slashes
 */
export function refusal(file: string, specifier: string): string | undefined {
  const layer = layerOf(file);
  if (!layer) return undefined;
  const alias = Object.keys(ALIASES).find((prefix) => specifier.startsWith(prefix));
  if (alias || specifier.startsWith('.')) {
    const target = alias
      ? ALIASES[alias]! + specifier.slice(alias.length)
      : posix.normalize(posix.join(posix.dirname(file), specifier));
    const other = layerOf(target);
    if (!other) return `${layer.name} may not reach ${target}`;
    return other === layer || layer.layers.includes(other.name) ? undefined : `${layer.name} may not import ${other.name}`;
  }
  if (isBuiltin(specifier)) return layer.node ? undefined : `${layer.name} may not import Node's ${specifier}`;
  const name = packageName(specifier);
  const allowed = layer.packages.includes(name) || (layer.packages.includes('*') && !layer.never?.includes(name));
  return allowed ? undefined : `${layer.name} may not import the package ${name}`;
}
