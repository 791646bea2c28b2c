'use strict';

// Runs after every install. npm 10 deletes node_modules/.bin/node, which it has just linked, when
// it clears away the runtimes of the other platforms: all of them have a program of that name.
const fs = require('fs');
const path = require('path');
const runtime = require('../packages/cli/bin/pinned-node.cjs');

const folder = path.join(__dirname, '..', 'node_modules', '.bin');
const link = path.join(folder, 'node');
const pinned = runtime.findPinnedNode(folder);

if (pinned !== undefined && process.platform !== 'win32' && !fs.existsSync(link)) {
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.relative(folder, pinned), link);
}
