import { existsSync } from 'node:fs';
import { ensurePackages } from '../setup/apt.mjs';

/** What the tests run against, by Debian package and a file that shows that it is there. */
const RIG = [
  ['xserver-xorg-core', ['/usr/lib/xorg/Xorg', '/usr/bin/Xorg']],
  ['xserver-xorg-video-dummy', ['/usr/lib/xorg/modules/drivers/dummy_drv.so', '/usr/lib64/xorg/modules/drivers/dummy_drv.so']],
  ['x11-xserver-utils', ['/usr/bin/xrandr']],
  ['xvfb', ['/usr/bin/Xvfb']],
  ['mosquitto', ['/usr/sbin/mosquitto', '/usr/bin/mosquitto']],
  ['chromium', ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']],
  ['dbus-daemon', ['/usr/bin/dbus-daemon']],
  ['dbus-bin', ['/usr/bin/dbus-send']],
  ['gnome-keyring', ['/usr/bin/gnome-keyring-daemon']],
  ['libsecret-1-0', ['/usr/lib/x86_64-linux-gnu/libsecret-1.so.0', '/usr/lib64/libsecret-1.so.0', '/usr/lib/libsecret-1.so.0']],
  ['tesseract-ocr', ['/usr/bin/tesseract']],
  ['tesseract-ocr-eng', ['/usr/share/tesseract-ocr/5/tessdata/eng.traineddata', '/usr/share/tesseract-ocr/4.00/tessdata/eng.traineddata', '/usr/share/tessdata/eng.traineddata']],
  ['fonts-dejavu-core', ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf']],
];

/**
 * Installs what the tests need of the system, or throws with the one line that says what to install.
 * @param {[string, string[]][]} more what these tests need besides
 */
export async function ensureRig(more = []) {
  const missing = [...RIG, ...more].filter(([, files]) => !files.some((file) => existsSync(file))).map(([name]) => name);
  if (missing.length > 0) await ensurePackages('The tests', missing);
}
