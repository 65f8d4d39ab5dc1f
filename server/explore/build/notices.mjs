import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

// Licences that let us ship a package inside the program with its notice.
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

// Packages that come without the text of their licence, and the package by the
// same authors, under the same licence, whose text holds for both.
const sameAs = {
  '@graphiql/plugin-doc-explorer': 'graphiql',
  '@graphiql/plugin-history': 'graphiql',
  'react-compiler-runtime': 'react',
  'react-remove-scroll-bar': 'react-remove-scroll',
};

// The icon font inside monaco-editor, which its own notices leave out.
const codicons = `The icon font "codicon" is part of Visual Studio Code - Codicons
(https://github.com/microsoft/vscode-codicons), copyright Microsoft Corporation,
licensed under the Creative Commons Attribution 4.0 International Public License
(https://creativecommons.org/licenses/by/4.0/legalcode). It is included unchanged.`;

const rule = '='.repeat(80);

/**
 * Returns the notices that the licences of the bundled packages ask for, one
 * section for each package of which anything is in the bundles.
 *
 * @param root folder of node_modules
 * @param metafiles what esbuild says of its bundles
 * @param legal comments of the sources that their authors want kept
 */
export async function notices(root, metafiles, legal) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const input of Object.keys(inputs)) {
        const folder = input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
        if (folder) folders.add(folder);
      }
    }
  }
  const sections = [];
  for (const folder of [...folders].sort()) {
    sections.push(await section(root, folder));
  }
  const comments = [...legal].map((text) => text.trim()).filter(Boolean).sort();
  return [
    'The page under /explore contains the following software and font.\n',
    ...sections,
    `${rule}\nvscode-codicons (CC-BY-4.0)\n${rule}\n\n${codicons}\n`,
    `${rule}\nNotices inside source files\n${rule}\n\n${comments.join('\n\n')}\n`,
  ].join('\n');
}

async function section(root, folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
  if (!allowed.has(license)) {
    throw new Error(`${name} ${version} has the licence ${license}, which nobody has looked at`);
  }
  const texts = await licenceTexts(path.join(root, folder));
  if (texts.length === 0 && sameAs[name]) {
    texts.push(...(await licenceTexts(path.join(root, 'node_modules', sameAs[name]))));
  }
  if (texts.length === 0) {
    throw new Error(`${name} ${version} comes without the text of its licence`);
  }
  return `${rule}\n${name} ${version} (${license})\n${rule}\n\n${texts.join('\n\n')}\n`;
}

async function licenceTexts(folder) {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|notice|third-?party-?notices)/i.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim());
}
