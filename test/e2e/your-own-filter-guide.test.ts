import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from './support/daemon.ts';

const guide = readFileSync(
  join(import.meta.dirname, '../../docs/guides/your-own-filter.md'),
  'utf8',
);
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const [whole = '', refused = '', mended = '', file = ''] = examples;
const sample = /```\n(Nov 24 .*)\n```/.exec(guide)?.[1] ?? '';

describe('the guide to a filter of your own', () => {
  let daemon: Daemon;
  const check = async (rc: string) => {
    writeFileSync(daemon.rc, rc, { mode: 0o600 });
    const { stdout } = await daemon.cli('check', '--json');
    return JSON.parse(stdout).problems as readonly {
      readonly path: string;
      readonly message: string;
    }[];
  };

  beforeEach(() => {
    daemon = new Daemon();
  });

  afterEach(() => daemon.remove());

  it('has four examples and a line', () => {
    expect(examples).toHaveLength(4);
    expect(sample).toContain('login of bob');
  });

  it('begins with one that is right and bans who it says', async () => {
    expect(await check(whole)).toEqual([]);

    const log = [1, 2, 3].map((second) => sample.replace(':00 web', `:0${second} web`));
    writeFileSync(daemon.log, `${log.join('\n')}\n`);
    const { stdout } = await daemon.cli('replay', daemon.log, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      lines: 3,
      matched: 3,
      bans: [{ address: '203.0.113.7', holder: 'shop' }],
    });
    const match = await daemon.cli('match', 'shop', '-c', daemon.rc, '--json', daemon.log);
    expect(JSON.parse(match.stdout.split('\n')[0] ?? '')).toMatchObject({
      match: true,
      address: '203.0.113.7',
      user: 'bob',
    });
  });

  it('says what check says of a sample that does not match', async () => {
    const [problem] = await check(whole.replace('from 203.0.113.7 port', 'from office port'));

    expect(problem?.message).toContain('it is no match: pattern-1 got to character 19');
    expect(problem?.message).toContain('wanted an address');
  });

  it('has one that is refused for the reason that it gives, and one that is not', async () => {
    const [problem, ...others] = await check(refused);

    expect(others).toEqual([]);
    expect(problem?.message).toContain('it has two readings: in "login of ');
    expect(problem?.message).toContain('203.0.113.3');
    expect(await check(mended)).toEqual([]);
  });

  it('ends with one in a file', async () => {
    writeFileSync(join(dirname(daemon.rc), 'shop.yaml'), file, { mode: 0o600 });
    const rc = `version: 1\nfilters: { shop: ./shop.yaml }\n${whole.slice(whole.indexOf('jails:'))}`;

    expect(await check(rc)).toEqual([]);
    writeFileSync(
      join(dirname(daemon.rc), 'shop.yaml'),
      file.replace('pattern: locked', 'pattern: refused'),
    );
    expect(await check(rc)).toMatchObject([
      { message: expect.stringContaining('it is taken by locked') },
    ]);
  });
});
