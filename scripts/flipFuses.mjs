// electron-builder's afterPack hook: burns every fuse of the packed Electron. A fuse that a later Electron adds stops the packing until it is
// decided here.
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

export const FUSES = {
  [FuseV1Options.RunAsNode]: false, // the gateway is a utility process; nobody else runs scripts under our name
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // we ship no snapshot of our own
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false, // the page is app://, never file://
  [FuseV1Options.WasmTrapHandlers]: true, // Cesium's decoders are WebAssembly: bounds checks by the processor
};

/** @param {{ appOutDir: string, electronPlatformName: string, packager: { executableName?: string, appInfo: { productFilename: string } } }} context */
export default async function flip({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  const executable =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${productFilename}.app`)
      : join(appOutDir, electronPlatformName === 'win32' ? `${productFilename}.exe` : (packager.executableName ?? productFilename));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    ...FUSES,
  });
}
