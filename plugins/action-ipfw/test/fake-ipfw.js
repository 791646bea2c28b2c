/**
 * Does what ipfw(8) says of the commands that the action uses, with a file for a kernel:
 * `fake-ipfw.js FILE ARGUMENT...`. Named tables are those of FreeBSD 11 and newer.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';

const [file, ...argv] = process.argv.slice(2);
const kernel = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { tables: {}, rules: [] };
let quiet = false;
let line = 'ipfw';

const file0 = argv.at(-1);
if (file0 === '/dev/stdin') {
  quiet = argv[0] === '-q';
  for (const [n, text] of readFileSync(0, 'utf8').split('\n').entries()) {
    line = `Line ${n + 1}`;
    if (text.trim() !== '') command(text.trim().split(/\s+/));
  }
} else {
  command(argv);
}
save();

function command(words) {
  if (words[0] === '-q') {
    quiet = true;
    words.shift();
  }
  const [verb, ...rest] = words;
  if (verb === 'table') return table(rest);
  if (verb === 'add') return kernel.rules.push([Number(rest[0]), rest.slice(1).join(' ')]);
  if (verb === 'list') {
    for (const [number, body] of kernel.rules) {
      console.log(`${String(number).padStart(5, '0')} ${body}`);
    }
    return undefined;
  }
  if (verb === 'delete') {
    const left = kernel.rules.filter(([number]) => number !== Number(rest[0]));
    if (left.length === kernel.rules.length) fail(69, `rule ${rest[0]} not found`);
    kernel.rules = left;
    return undefined;
  }
  return fail(64, `bad command \`${verb}'`);
}

function table([name, verb, ...keys]) {
  const isNumber = /^[0-9]+$/.test(name);
  if (isNumber) kernel.tables[name] ??= { type: 'addr', keys: [] };
  const known = kernel.tables[name];
  if (verb === 'create') {
    if (known) fail(71, 'Table creation failed: File exists');
    if (keys.join(' ') !== 'type addr') fail(64, 'unknown option');
    kernel.tables[name] = { type: 'addr', keys: [] };
  } else if (verb === 'info') {
    if (!known) fail(71, 'failed to request table info: No such process');
    console.log(`--- table(${name}), set(0) ---\n kindex: 1, type: ${known.type}`);
    console.log(` references: 1, valtype: legacy\n algorithm: addr:radix\n items: 0, size: 296`);
  } else if (verb === 'list') {
    if (!known) fail(71, 'failed to request table info: No such process');
    for (const key of known.keys) console.log(`${key} 0`);
  } else if (verb === 'flush') {
    if (known) known.keys = [];
  } else if (verb === 'destroy') {
    const isUsed = kernel.rules.some(([, body]) => body.includes(`table(${name})`));
    if (isUsed) fail(71, `failed to destroy table ${name}: Device busy`);
    delete kernel.tables[name];
  } else if (verb === 'add' || verb === 'delete') {
    for (const key of keys) change(name, verb, key);
  } else {
    fail(64, `bad command \`${verb}'`);
  }
}

function change(name, verb, key) {
  const [base, width] = key.split('/');
  const family = isIP(base);
  if (family === 0) fail(68, `hostname \`\`${base}'' unknown`);
  if (Number(width) > (family === 4 ? 32 : 128)) fail(65, `bad IPv${family} mask width: ${width}`);
  if (!kernel.tables[name] && verb === 'delete') fail(65, `Table ${name} does not exist`);
  kernel.tables[name] ??= { type: 'addr', keys: [] };
  const { keys } = kernel.tables[name];
  const at = keys.indexOf(key);
  if (verb === 'add') {
    if (at < 0) keys.push(key);
    else if (!quiet) fail(71, 'Adding record failed: record already exists');
  } else if (at >= 0) keys.splice(at, 1);
  else if (!quiet) fail(71, 'Deleting record failed: record not found');
}

function fail(code, message) {
  save();
  console.error(`${line}: ${message}`);
  process.exit(code);
}

function save() {
  kernel.rules.sort(([one], [other]) => one - other);
  writeFileSync(file, JSON.stringify(kernel));
}
