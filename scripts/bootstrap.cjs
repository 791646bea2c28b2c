'use strict';

// Sets up what "npm start" and "npm test" need, then hands over to the pinned Node.
// Old syntax and no dependency: this runs before anything is installed, on any Node from 18 on.
const childProcess = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const runtime = require('../packages/cli/bin/pinned-node.cjs');

const root = path.join(__dirname, '..');
const programs = { start: 'packages/cli/dist/demo/main.js', test: 'scripts/test.ts' };
const program = programs[process.argv[2]];
const args = process.argv.slice(3);

if (program === undefined) stop('usage: node scripts/bootstrap.cjs start|test [arguments]');
main();

function main() {
  install();
  const node = chooseNode();
  const env = environment(node);
  build(node, env);
  process.exitCode = run(node, [path.join(root, program)].concat(args), { env });
}

function install() {
  const installed = modified('node_modules/.package-lock.json');
  const isFirst = installed === undefined;
  if (isFirst || installed < modified('package-lock.json')) {
    say(`installing dependencies (${isFirst ? 'first run' : 'the lock file has changed'})…`);
    if (!installOn(process.env.npm_node_execpath || process.execPath)) stopInstall();
  }
  const pinned = workingPinnedNode();
  if (pinned !== undefined && isIncomplete()) {
    say('installing what the Node of this machine left out…');
    if (!withCopy(pinned, installOn)) stopInstall();
  }
}

function stopInstall() {
  stop('"npm ci" failed; its message is above.');
}

/** npm leaves out an optional package, such as the binary of a tool, that its own Node is too old for. */
function isIncomplete() {
  const locked = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.keys(locked).some((folder) => {
    const entry = locked[folder];
    const isForHere =
      [].concat(entry.os || []).indexOf(process.platform) !== -1 &&
      [].concat(entry.cpu || []).indexOf(process.arch) !== -1 &&
      [].concat(entry.libc || 'glibc').indexOf('glibc') !== -1;
    return isForHere && modified(folder) === undefined;
  });
}

function installOn(node) {
  // A configured "omit" or NODE_ENV=production would leave out what the set-up needs.
  const flags = ['ci', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = process.env.npm_execpath || '';
  const code = /npm-cli\.js$/.test(npm)
    ? run(node, [npm].concat(flags), {})
    : run('npm', flags, { env: environment(node), shell: process.platform === 'win32' });
  return code === 0;
}

/** "npm ci" deletes node_modules first, and with it the Node that it is to run on. */
function withCopy(node, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'remand-node-'));
  const copy = path.join(folder, path.basename(node));
  try {
    fs.copyFileSync(node, copy);
    return use(copy);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function chooseNode() {
  const pinned = workingPinnedNode();
  if (pinned !== undefined) return pinned;
  if (!runtime.isNewEnough()) stop(runtime.whatToInstall());
  say(`running on the Node of this machine (${process.version})`);
  return process.execPath;
}

/** The pinned Node, unless it does not run here, as with a foreign C library. */
function workingPinnedNode() {
  const pinned = runtime.findPinnedNode(root);
  if (pinned === undefined || childProcess.spawnSync(pinned, ['-v']).status !== 0) return undefined;
  return pinned;
}

function environment(node) {
  const folders = [path.dirname(node), path.join(root, 'node_modules', '.bin')];
  const env = Object.assign({}, process.env);
  // Windows spells it "Path".
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') || 'PATH';
  env[key] = folders.concat(env[key] || []).join(path.delimiter);
  return env;
}

function build(node, env) {
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
