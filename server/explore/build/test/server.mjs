import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Starts a server on an empty database and a free port. It is ROUNDS_SERVER, or
 * else built from this repository.
 */
export async function startServer() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'explore-'));
  let binary = process.env.ROUNDS_SERVER;
  if (!binary) {
    binary = path.join(folder, 'server');
    await promisify(execFile)('go', ['build', '-o', binary, './server'], { cwd: repository });
  }
  const child = spawn(binary, ['--addr', '127.0.0.1:0', '--data-dir', path.join(folder, 'data'), '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url, token } = await greeting(child);

  return {
    url,
    token,
    async openCase(subject) {
      const query = `mutation ($subject: String!) {
        caseOpen(input: { kind: COMPLAINT, channel: IN_PERSON, subject: $subject }) { errors { message } }
      }`;
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables: { subject } }),
      });
      const { data, errors } = await response.json();
      const problems = errors ?? data.caseOpen.errors;
      if (problems.length > 0) throw new Error(`opening a case: ${JSON.stringify(problems)}`);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// Reads what a new server prints: its administrator's token and its address.
async function greeting(child) {
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    text += chunk;
    const url = text.match(/serves (http:\/\/\S+)\/graphql/)?.[1];
    if (url) {
      return { url, token: text.match(/\n {2}(\S+)\n/)[1] };
    }
  }
  throw new Error(`the server ended before it served: ${text}`);
}
