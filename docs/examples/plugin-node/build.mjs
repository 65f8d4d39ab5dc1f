// Bundles the plugin into one executable file, which is what a server copies and runs:
// node build.mjs [FILE]
//
// A plugin's environment is empty, so the first line names the Node that it runs with:
// this one, or the one that the variable NODE names.

import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const file = process.argv[2] ?? 'dist/concierge';
await build({
  entryPoints: ['plugin.mjs'],
  outfile: file,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs', // a file without an extension is CommonJS to Node
  loader: { '.proto': 'text' },
  banner: { js: `#!${process.env.NODE ?? process.execPath}` },
});
await chmod(file, 0o755);
