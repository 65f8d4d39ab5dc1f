// Bundles the plugin into one executable file, which is what a server copies and runs:
// node build.mjs [FILE]
//
// A plugin's environment is empty, so the first line names the Node that it runs with:
// this one, or the one that the variable NODE names. What a server runs may be a copy
// in memory, so that Node must not look for the file's real path, and none of the
// settings of OpenSSL can be read.

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
  banner: { js: `#!/usr/bin/env -S ${process.env.NODE ?? process.execPath} --preserve-symlinks-main --openssl-config=/dev/null` },
});
await chmod(file, 0o755);
