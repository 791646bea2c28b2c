import { CommandError } from '@remand/api';
import { RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { findRunning } from '../../src/init/find-running.ts';

const sockets = `
tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=812,fd=3))
tcp   LISTEN 0      128             [::]:22           [::]:*    users:(("sshd",pid=812,fd=4))
tcp   LISTEN 0      128                *:2222            *:*    users:(("sshd",pid=812,fd=5))
tcp   LISTEN 0      80         127.0.0.1:3306      0.0.0.0:*    users:(("mariadbd",pid=813,fd=9))
tcp   LISTEN 0      80             [::1]:5432         [::]:*    users:(("postgres",pid=814,fd=9))
udp   UNCONN 0      0      192.0.2.1%eth0:53       0.0.0.0:*    users:(("named",pid=815,fd=5),("named",pid=816,fd=5))
tcp   LISTEN 0      511          0.0.0.0:80        0.0.0.0:*
`;
const units = `
ssh.service                loaded active running OpenBSD Secure Shell server
postfix@-.service          loaded active running Postfix Mail Transport Agent (instance -)
systemd-journald.service   loaded active running Journal Service
`;

describe(findRunning, () => {
  it('reads who listens where others can reach it, and which units run', async () => {
    const running = await findRunning(
      new RecordingCommandRunner({ ss: sockets, systemctl: units }),
    );

    expect(Object.fromEntries(running)).toEqual({
      ...{ ssh: [], postfix: [], 'systemd-journald': [] },
      ...{ sshd: [22, 2222], named: [53] },
    });
  });

  it('takes what cannot be asked for nothing', async () => {
    const commands = new RecordingCommandRunner(([program = '']) => {
      throw new CommandError('COMMAND_MISSING', program);
    });

    expect((await findRunning(commands)).size).toBe(0);
  });
});
