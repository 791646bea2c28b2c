/**
 * What an administrator's program could be: keeps addresses with their ends in a file.
 * `keeper.js FILE add ADDRESS SECONDS | remove ADDRESS | json | plain | list | hang | refuse`
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [file, verb, address, seconds] = process.argv.slice(2);
const kept = new Map(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);

const verbs = {
  add: () => change({ op: 'add', address, seconds }),
  remove: () => change({ op: 'remove', address }),
  json: () => readLines().map(JSON.parse).forEach(change),
  plain: () => {
    for (const line of readLines()) {
      const [op, one, left] = line.split(' ');
      change({ op, address: one, seconds: left });
    }
  },
  list: () => {
    console.log('# what is kept');
    for (const [one, until] of kept) {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (until === null) console.log(one);
      else if (left > 0) console.log(`${one} ${left}`);
    }
  },
  hang: () => setTimeout(() => undefined, 60_000),
  refuse: () => {
    console.error('the box is closed');
    process.exitCode = 7;
  },
};
verbs[verb]();
writeFileSync(file, JSON.stringify([...kept]));

function readLines() {
  return readFileSync(0, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function change({ op, address: one, seconds: left = 0 }) {
  if (op === 'add') kept.set(one, Number(left) === 0 ? null : Date.now() + Number(left) * 1000);
  else kept.delete(one);
}
