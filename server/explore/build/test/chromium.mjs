import { existsSync } from 'node:fs';

// Where Linux distributions put it.
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

/** The path of a Chromium, or undefined where there is none. */
export function findChromium() {
  return process.env.CHROMIUM ?? places.find(existsSync);
}
