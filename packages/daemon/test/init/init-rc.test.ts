import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '@remand/api';
import { RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { checkRc } from '../../src/check-rc.ts';
import { initRc } from '../../src/init/init-rc.ts';
import { writeRc } from '../../src/init/write-rc.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A machine on which these programs work, and nothing else. */
function machineWith(...programs: readonly string[]): RecordingCommandRunner {
  return new RecordingCommandRunner(([program = '']) => {
    if (programs.includes(program)) return '';
    throw new CommandError('COMMAND_MISSING', program);
  });
}

describe(initRc, () => {
  it.each([
    [['shorewall', 'nft', 'iptables'], 'shorewall'],
    [['nft', 'iptables'], 'nftables'],
    [['iptables'], 'iptables-allports'],
    [[], 'observe'],
  ])('bans on a machine with %j by %s', async (programs, action) => {
    const { firewall, text } = await initRc(
      { dryRun: true },
      { commands: machineWith(...programs), env: {} },
    );

    expect(firewall.action).toBe(action);
    expect(text).toContain(`  actions: [${action}]\n`);
  });

  it('spares who is logged in', async () => {
    const commands = machineWith('nft');
    const init = (connection: string) =>
      initRc({ dryRun: true }, { commands, env: { SSH_CONNECTION: connection } });

    expect((await init('203.0.113.7 50100 198.51.100.1 22')).text).toContain(
      'neverBan: [203.0.113.7]',
    );
    expect((await init('2001:db8::7 50100 2001:db8::1 22')).text).toContain(
      "neverBan: ['2001:db8::7']",
    );
    expect((await init('] evil: true')).peer).toBeUndefined();
  });

  it('writes a file that is in order, and never in the place of another', async () => {
    const rc = join(tempFolder(), 'new', 'remand.yaml');
    const given = { commands: machineWith('nft'), env: {} };

    const { file, text } = await initRc({ rc, observe: true }, given);

    expect(file).toBe(rc);
    expect(readFileSync(rc, 'utf8')).toBe(text);
    expect((await checkRc({ rc })).problems).toEqual([]);
    await expect(initRc({ rc }, given)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('is there already'),
    });
    expect(readFileSync(rc, 'utf8')).toBe(text);
  });

  it('says when it cannot write', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), '');
    const rc = join(folder, 'file', 'remand.yaml');

    await expect(initRc({ rc }, { commands: machineWith(), env: {} })).rejects.toMatchObject({
      code: 'RC_UNWRITABLE',
      message: expect.stringContaining(rc),
    });
  });
});

describe(writeRc, () => {
  const firewall = { action: 'observe', why: 'nothing works' };
  const services = [
    { filter: 'sshd', does: 'bans who guesses', why: 'the journal has lines of it' },
    { filter: 'postfix', does: 'bans who abuses', why: '/var/log/mail.log has lines of it' },
  ];

  it.each([
    [{ services, others: ['exim'], firewall, peer: '203.0.113.7' }, true],
    [{ services, others: [], firewall, peer: undefined }, false],
    [{ services: [], others: ['sshd'], firewall, peer: undefined }, false],
  ])('makes a file that remand check finds in order', async (found, observe) => {
    const folder = tempFolder();
    mkdirSync(folder, { recursive: true });
    const rc = join(folder, 'remand.yaml');
    writeFileSync(rc, writeRc(found, { observe }), { mode: 0o600 });

    const { problems, values } = await checkRc({ rc });

    expect(problems).toEqual([]);
    const jails = values.filter(({ path }) => path.endsWith('.filter')).length;
    expect(jails).toBe(found.services.length);
  });
});
