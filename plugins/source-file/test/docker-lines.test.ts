import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerLines } from '../src/docker-lines.ts';
import { fileOptions } from '../src/options.ts';
import { quiet, Rig, until } from './rig.ts';

const time = '2027-01-15T08:00:00.123456789Z';
const entry = (log: string, stream = 'stdout') => `${JSON.stringify({ log, stream, time })}\n`;

function read(text: string, more: Partial<Parameters<typeof dockerLines>[1]> = {}) {
  const format = { withTime: true, program: undefined };
  const given = { format, maxLineBytes: 100, skip: [], canWait: true, ...more };
  const { lines, ...rest } = dockerLines(Buffer.from(text), given);
  return { lines: lines.toString(), ...rest };
}

describe(dockerLines.name, () => {
  it('makes lines of entries, with the time of each for a header', () => {
    expect(read(`${entry('one\n')}${entry('two ü\r\n', 'stderr')}`).lines).toBe(
      `${time} one\n${time} two ü\n`,
    );
  });

  it.each([
    [{ withTime: true, program: 'sshd' }, `${time} docker sshd: one\n`],
    [{ withTime: false, program: undefined }, 'one\n'],
  ])('makes lines by %j', (format, lines) => {
    expect(read(entry('one\n'), { format }).lines).toBe(lines);
  });

  it('joins the parts of a line, also where two streams mix', () => {
    const text = [entry('o'), entry('other\n', 'stderr'), entry('n'), entry('e\n')].join('');

    expect(read(text).lines).toBe(`${time} other\n${time} one\n`);
  });

  it('leaves a line without its end for the next block', () => {
    const whole = entry('one\n');

    expect(read(`${whole}${entry('tw')}${entry('x\n', 'stderr')}`)).toMatchObject({
      lines: `${time} one\n`,
      consumed: whole.length,
      open: ['stdout'],
    });
  });

  it('counts a line that is too long, and never passes on its rest', () => {
    const long = entry('x'.repeat(102));
    const rest = entry('Failed password\n');

    const first = read(`${long}${entry('other\n', 'stderr')}`);
    const second = read(`${rest}${entry('next\n')}`, { skip: first.skip });

    expect(first).toMatchObject({ lines: `${time} other\n`, oversized: 1, skip: ['stdout'] });
    expect(second).toMatchObject({ lines: `${time} next\n`, oversized: 0, skip: [] });
  });

  it('gives a line up that fills a whole block', () => {
    const text = `${entry('x'.repeat(50))}${entry('y\n', 'stderr')}`;

    expect(read(text, { canWait: false })).toMatchObject({
      lines: `${time} y\n`,
      consumed: text.length,
      oversized: 1,
      skip: ['stdout'],
    });
  });

  it('lets no message make a line of its own, and passes on what Docker did not write', () => {
    expect(read(entry('a\nsshd[1]: b\n')).lines).toBe(`${time} a#012sshd[1]: b\n`);
    expect(read('plain\n{"log":1}\n').lines).toBe('plain\n{"log":1}\n');
  });

  it('gives the same lines however the blocks are cut', () => {
    const part = fc.record({
      text: fc.string({ unit: 'grapheme', maxLength: 60 }),
      stream: fc.constantFrom('stdout', 'stderr'),
      ends: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(10)), (parts, cuts) => {
        const entries = [
          ...parts,
          { text: '', stream: 'stdout', ends: true },
          { text: '', stream: 'stderr', ends: true },
        ].map(({ text, stream, ends }) =>
          entry(`${text.replaceAll('\n', '')}${ends ? '\n' : ''}`, stream),
        );
        const whole = read(entries.join(''));
        let [lines, oversized, skip, from] = ['', 0, [] as readonly string[], 0];
        let at = 0;
        for (const cut of [...cuts, entries.length]) {
          at = Math.min(entries.length, at + cut);
          const all = Buffer.from(entries.slice(0, at).join(''));
          const block = read(all.subarray(from).toString(), { skip });
          lines += block.lines;
          oversized += block.oversized;
          skip = block.skip;
          from += block.consumed;
        }
        expect(lines).toBe(whole.lines);
        expect(oversized).toBe(whole.oversized);
      }),
    );
  });
});

describe('a file of Docker’s', () => {
  let rig: Rig;
  let log: string;

  beforeEach(() => {
    rig = new Rig();
    log = rig.path('c-json.log');
  });

  afterEach(() => rig.cleanUp());

  const docker = (more = {}) => rig.use([log], { format: 'docker', ...more });

  it('is read through restarts, a line in two parts as well', async () => {
    writeFileSync(log, `${entry('one\n')}${entry('tw')}`);
    await rig.start([docker()]);
    await rig.tick(2);
    expect(rig.lines).toEqual([`${time} one`]);

    await rig.stop();
    appendFileSync(log, `${entry('o\n')}${entry('x'.repeat(20_000))}`);
    await rig.start([docker()]);
    await quiet();
    await rig.stop();
    appendFileSync(log, `${entry('rest of x\n')}${entry('three\n')}`);
    await rig.start([docker()]);
    await quiet();

    expect(rig.lines).toEqual([`${time} one`, `${time} two`, `${time} three`]);
  });

  it('does not take the rest of a line for one where it was rotated between them', async () => {
    writeFileSync(log, `${entry('one\n')}${entry('tw')}`);
    await rig.start([docker()]);
    await rig.tick(2);

    renameSync(log, `${log}.1`);
    writeFileSync(log, `${entry('Failed password\n')}${entry('three\n')}`);
    await rig.tick(2);

    expect(rig.lines).toEqual([`${time} one`, `${time} three`]);
  });

  it('is read in big blocks', async () => {
    const entries = Array.from({ length: 40_000 }, (_, at) => entry(`line ${at}\n`));
    writeFileSync(log, entries.join(''));
    await rig.start([docker()]);
    await until(() => rig.lines.length === 40_000);

    expect(rig.lines.at(-1)).toBe(`${time} line 39999`);
  });

  it('has a program only where lines get a header', () => {
    const parse = (more: object) => fileOptions.safeParse({ paths: ['/x'], ...more }).success;

    expect(parse({ format: 'docker', program: 'sshd' })).toBe(true);
    expect(parse({ program: 'sshd' })).toBe(false);
    expect(parse({ format: 'docker', header: 'none', program: 'sshd' })).toBe(false);
    expect(parse({ format: 'docker', program: 'a b' })).toBe(false);
  });
});
