import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRc, loadRc } from '@remand/config';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AttackLog } from '../../src/demo/attack-log.ts';
import { elementsOf } from '../../src/demo/firewall-set.ts';
import type { Scene } from '../../src/demo/scene.ts';
import { plainShow } from '../../src/demo/show.ts';
import { at, fakeTerminal, noon } from '../support/fake-terminal.ts';
import { jailStatus, statusReport } from '../support/samples.ts';

const bundled = join(import.meta.dirname, '../../demo');

describe(AttackLog.name, () => {
  it('writes the bundled lines one by one, and begins again after the last', () => {
    const file = join(tempFolder(), 'auth.log');
    const log = new AttackLog(file, join(bundled, 'attack.log'));

    for (let i = 0; i <= log.length; i++) log.next(new Date(0));

    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[0]).toBe(
      '1970-01-01T00:00:00.000Z demo sshd[2101]: Server listening on 0.0.0.0 port 22.',
    );
    expect(lines[log.length]).toBe(lines[0]);
    expect(log.written).toBe(log.length + 1);
  });

  it('names documentation addresses alone', () => {
    const text = readFileSync(join(bundled, 'attack.log'), 'utf8');
    // RFC 5737 and RFC 3849; 0.0.0.0 is what sshd listens on.
    const others = text
      .match(/\d+\.\d+\.\d+\.\d+|[0-9a-f]+:[0-9a-f:]*:[0-9a-f]+/g)
      ?.filter(
        (address) =>
          !/^(192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:db8:|^0\.0\.0\.0$/.test(address),
      );

    expect(others).toEqual([]);
  });
});

describe('the rc file of the demo', () => {
  it.each(['nftables', 'observe'])('has no mistakes with %s', async (action) => {
    const folder = tempFolder();
    const file = join(folder, 'remand.yaml');
    const template = readFileSync(join(bundled, 'remand.yaml'), 'utf8');
    writeFileSync(file, template.replaceAll('FOLDER', folder).replaceAll('ACTION', action));

    const rc = await loadRc(await findRc({ explicitPath: file, cwd: folder, isRoot: true }));

    expect(rc.problems).toEqual([]);
    expect(rc.settings?.control.socket).toBe(join(folder, 'control.sock'));
    expect(rc.settings?.kernel.jails[0]?.banTimeMs).toBe(10_000);
  });
});

describe(elementsOf.name, () => {
  it('reads what nft prints', () => {
    const ruleset = {
      nftables: [
        { metainfo: { version: '1.0.6' } },
        { table: { family: 'inet', name: 'remand' } },
        {
          set: {
            name: 'a',
            elem: ['192.0.2.1', { elem: { val: '192.0.2.2', timeout: 10, expires: 7 } }],
          },
        },
        { set: { name: 'b', elem: [{ prefix: { addr: '2001:db8::', len: 64 } }] } },
        { set: { name: 'empty' } },
      ],
    };

    expect([...elementsOf(ruleset)]).toEqual([
      ['192.0.2.1', null],
      ['192.0.2.2', 7],
      ['2001:db8::', null],
    ]);
  });

  it.each([[null], [{}], [{ nftables: 1 }]])('finds nothing in %j', (ruleset) => {
    expect(elementsOf(ruleset).size).toBe(0);
  });
});

describe(plainShow.name, () => {
  it('has a line for each change', () => {
    const terminal = fakeTerminal();
    const show = plainShow(terminal, 'head');
    const ban = { address: '192.0.2.1', until: at(10), holds: [], enforced: true };
    const scene: Scene = {
      now: noon,
      status: statusReport({
        jails: [jailStatus({ lines: 3, matched: 3, offences: 3, banned: 1 })],
      }),
      bans: [ban],
      firewall: new Map([['192.0.2.1', 9]]),
    };

    show.update(scene);
    show.update(scene);
    show.update({ ...scene, bans: [] });

    expect(terminal.stdout).toBe(
      'head\n' +
        '192.0.2.1: banned for 10 s, nftables has it; 3 lines read, 3 matched, 3 counted, 1 banned, 4 live\n' +
        '192.0.2.1: free again; 3 lines read, 3 matched, 3 counted, 1 banned, 4 live\n',
    );
  });
});

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'remand-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
