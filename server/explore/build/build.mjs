// Builds ../assets, which the Go package embeds: the page, its script, styles and
// font, the editor's workers, and the notices of the packages bundled in. The same
// sources give the same bytes on every machine, so names hold a digest of what is
// inside, nothing holds a time, and files are packed by a compressor whose version
// is pinned here rather than by that of Node.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import * as esbuild from 'esbuild';
import { gzipSync } from 'fflate';

import { notices } from './notices.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, '..', 'assets');

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outdir: 'out', // nothing is written there: outputs are named relative to it
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  charset: 'utf8',
  legalComments: 'external',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
};

const workers = await esbuild.build({
  ...common,
  entryPoints: {
    editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
    graphql: 'monaco-graphql/esm/graphql.worker.js',
    json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  },
  format: 'iife',
});

const page = await esbuild.build({
  ...common,
  entryPoints: ['src/main.jsx'],
  format: 'esm',
  jsx: 'automatic',
  loader: { '.graphql': 'text', '.ttf': 'file' },
  define: {
    ...common.define,
    WORKERS: JSON.stringify({
      editor: output(workers, 'editor', '.js'),
      graphql: output(workers, 'graphql', '.js'),
      json: output(workers, 'json', '.js'),
    }),
  },
});

// output names the one file that was built from an entry point, by its kind.
function output(result, entry, extension) {
  const names = result.outputFiles.map((file) => path.basename(file.path));
  const found = names.filter((name) => name.startsWith(`${entry}-`) && name.endsWith(extension));
  if (found.length !== 1) {
    throw new Error(`${entry} should give one ${extension} file, but gives ${found.length}: ${names}`);
  }
  return found[0];
}

const files = new Map(); // name → content
const legal = new Set(); // comments that authors want kept
for (const file of [...workers.outputFiles, ...page.outputFiles]) {
  if (file.path.endsWith('.LEGAL.txt')) {
    legal.add(file.text);
  } else {
    files.set(`${path.basename(file.path)}.gz`, gzipSync(file.contents, { level: 9, mtime: 0 }));
  }
}

const template = await readFile(path.join(here, 'src', 'index.html'), 'utf8');
files.set(
  'index.html',
  template.replace('{{main.js}}', output(page, 'main', '.js')).replace('{{main.css}}', output(page, 'main', '.css')),
);
files.set('THIRD_PARTY_NOTICES.txt', await notices(here, [workers.metafile, page.metafile], legal));
files.set('SOURCES.sha256', await digests());

// digests lists what the assets were built from, so that a test in Go can tell
// whether they are up to date.
async function digests() {
  const sources = await readdir(path.join(here, 'src'), { recursive: true, withFileTypes: true });
  const names = sources
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(here, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  names.push('build.mjs', 'notices.mjs', 'package.json', 'package-lock.json');
  let list = '';
  for (const name of names.sort()) {
    const content = await readFile(path.join(here, name));
    list += `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
  }
  return list;
}

await rm(target, { recursive: true, force: true });
await mkdir(target);
let total = 0;
for (const [name, content] of files) {
  await writeFile(path.join(target, name), content);
  total += Buffer.byteLength(content);
}
console.log(`${files.size} files, ${(total / 1e6).toFixed(2)} MB in ${path.relative(process.cwd(), target)}`);
