'use strict';

// Sets up what "npm start" and "npm test" need, then hands over to the pinned Node.
// Old syntax and no dependency: this runs before anything is installed, on any Node from 18 on.
const childProcess = require('child_process');
const fs = require('fs');
const path = require('path');
const runtime = require('../packages/cli/bin/pinned-node.cjs');

const root = path.join(__dirname, '..');
const programs = { start: 'packages/cli/dist/demo/main.js', test: 'scripts/test.ts' };
const program = programs[process.argv[2]];
const args = process.argv.slice(3);

if (program === undefined) stop('usage: node scripts/bootstrap.cjs start|test [arguments]');
install();
const node = chooseNode();
const env = environment(node);
build();
process.exitCode = run(node, [path.join(root, program)].concat(args), { env });

function install() {
  const installed = modified('node_modules/.package-lock.json');
  if (installed !== undefined && installed >= modified('package-lock.json')) return;
  say(
    installed === undefined
      ? 'installing dependencies (first run)…'
      : 'installing dependencies (the lock file has changed)…',
  );
  // A configured "omit" or NODE_ENV=production would leave out what the set-up needs.
  const flags = ['ci', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = process.env.npm_execpath || '';
  const code = /npm-cli\.js$/.test(npm)
    ? run(process.env.npm_node_execpath || process.execPath, [npm].concat(flags), {})
    : run('npm', flags, { shell: process.platform === 'win32' });
  if (code !== 0) stop('"npm ci" failed; its message is above.');
}

/** The pinned Node if it runs here, which a foreign C library prevents; else this one. */
function chooseNode() {
  const pinned = runtime.findPinnedNode(root);
  if (pinned !== undefined && childProcess.spawnSync(pinned, ['-v']).status === 0) return pinned;
  if (!runtime.isNewEnough()) stop(runtime.whatToInstall());
  say(`running on the Node of this machine (${process.version})`);
  return process.execPath;
}

function environment(node) {
  const folders = [path.dirname(node), path.join(root, 'node_modules', '.bin')];
  const env = Object.assign({}, process.env);
  // Windows spells it "Path".
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') || 'PATH';
  env[key] = folders.concat(env[key] || []).join(path.delimiter);
  return env;
}

function build() {
  if (modified('packages/cli/dist/.tsbuildinfo') === undefined) say('building (first run)…');
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (run(node, [compiler, '-b'], { env }) !== 0) stop('the build failed; its message is above.');
}

function run(command, args, options) {
  const result = childProcess.spawnSync(
    command,
    args,
    Object.assign({ cwd: root, stdio: 'inherit' }, options),
  );
  if (result.error) stop(`cannot run ${command}: ${result.error.message}`);
  return result.status === null ? 1 : result.status;
}

function modified(file) {
  try {
    return fs.statSync(path.join(root, file)).mtimeMs;
  } catch (_missing) {
    return undefined;
  }
}

function say(sentence) {
  process.stderr.write(`remand: ${sentence}\n`);
}

function stop(sentence) {
  say(sentence);
  process.exit(1);
}
