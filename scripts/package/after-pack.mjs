import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

const EXECUTABLE = {
  linux: ({ packager }) => packager.executableName,
  win32: ({ packager }) => `${packager.appInfo.productFilename}.exe`,
  darwin: ({ packager }) => `${packager.appInfo.productFilename}.app`,
};

/** Sets the fuses of a packaged app: it runs its own sealed code and nothing that a person at the wall could hand it. */
export default async function afterPack(context) {
  const { appOutDir, electronPlatformName } = context;
  // The development runtime brings a default app along; ours is in app.asar.
  rmSync(join(appOutDir, 'resources', 'app'), { recursive: true, force: true });
  const sealed = electronPlatformName !== 'linux';
  await flipFuses(join(appOutDir, EXECUTABLE[electronPlatformName](context)), {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    // Electron checks the archive's hash on macOS and Windows.
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: sealed,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  });
}
