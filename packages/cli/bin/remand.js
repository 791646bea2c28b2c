#!/usr/bin/env node
// Old syntax on purpose: read by whatever Node the machine has.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';
import runtime from './pinned-node.cjs';

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '..', 'dist', 'main.js');

if (!existsSync(main)) {
  fail('not built yet: run "npm run build" in its folder.');
} else if (runtime.isNewEnough()) {
  import(pathToFileURL(main).href)
    .then((cli) => cli.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    });
} else {
  const node = runtime.findPinnedNode(here);
  if (node === undefined) fail(runtime.whatToInstall());
  else goOver(node);
}

/** Runs this command again on `node`, and stands in for it: streams, signals, exit code. */
function goOver(node) {
  const args = [fileURLToPath(import.meta.url)].concat(process.argv.slice(2));
  const child = spawn(node, args, { stdio: 'inherit' });

  const forwarded = ['SIGTERM', 'SIGHUP', 'SIGUSR2'];
  // A terminal sends Ctrl-C to both processes: forwarded as well, it would arrive twice.
  if (process.stdin.isTTY) process.on('SIGINT', () => undefined);
  else forwarded.push('SIGINT');
  forwarded.forEach((signal) => {
    process.on(signal, () => child.kill(signal));
  });

  child.on('error', (error) => fail(`cannot run ${node}: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

function fail(message) {
  process.stderr.write(`remand: ${message}\n`);
  process.exitCode = 1;
}
