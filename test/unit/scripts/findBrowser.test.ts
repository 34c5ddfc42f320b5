import { describe, expect, it } from 'vitest';
import { findBrowser, hasDisplay } from '../../../scripts/findBrowser.ts';

const machine = (platform: NodeJS.Platform, env: Record<string, string>, ...files: string[]) => ({
  platform,
  env,
  isExecutable: (file: string) => files.includes(file),
});

describe('findBrowser', () => {
  it('looks through PATH, Chromium before Chrome before Edge', () => {
    const env = { PATH: '/usr/local/bin:/usr/bin' };
    expect(findBrowser(machine('linux', env, '/usr/bin/microsoft-edge', '/usr/bin/google-chrome'))).toBe('/usr/bin/google-chrome');
    expect(findBrowser(machine('linux', env, '/usr/bin/google-chrome', '/usr/bin/chromium'))).toBe('/usr/bin/chromium');
    expect(findBrowser(machine('linux', env, '/opt/chromium'))).toBeNull();
    expect(findBrowser(machine('linux', {}))).toBeNull();
  });
  it('knows where macOS and Windows keep them', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser(machine('darwin', {}, mac))).toBe(mac);
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser(machine('win32', { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }, edge))).toBe(edge);
  });
  it('takes CHROMIUM_PATH, or nothing else when it is wrong', () => {
    const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/opt/mine' };
    expect(findBrowser(machine('linux', env, '/opt/mine', '/usr/bin/chromium'))).toBe('/opt/mine');
    expect(findBrowser(machine('linux', env, '/usr/bin/chromium'))).toBeNull();
  });
});

describe('hasDisplay', () => {
  it('needs X11 or Wayland on Linux, nothing elsewhere', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect([hasDisplay('darwin', {}), hasDisplay('win32', {})]).toEqual([true, true]);
  });
});
