import { CommandError, type CommandRunner } from '@remand/api';
import { commandFailure, RecordingCommandRunner } from '@remand/testkit';
import { describe, expect, it } from 'vitest';
import { IpsetProgram } from '../src/ipset-program.ts';

function program(commands: CommandRunner): IpsetProgram {
  return new IpsetProgram(commands);
}

describe(IpsetProgram, () => {
  it.each([
    ['ipset v7.17: Kernel error received: Operation not permitted', 'CAP_NET_ADMIN'],
    ['ipset v7.17: Cannot open session to kernel.', 'load the kernel modules'],
    ['ipset v7.17: Error in line 3: Hash is full, cannot add more elements', 'larger `maxelem`'],
    ['ipset v7.17: something else', 'try `ipset list -t` as root'],
  ])('says of %j what to do', async (stderr, hint) => {
    const failure = commandFailure(stderr);
    const failed = program(new RecordingCommandRunner({ ipset: failure })).save('blocked', {});

    await expect(failed).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: failure.message,
      hint: expect.stringContaining(hint),
      exitCode: 1,
      stderr,
    });
  });

  it('leaves to others what they know better', async () => {
    const failure = new CommandError('COMMAND_MISSING', 'is not installed', { hint: 'install it' });

    const failed = program(new RecordingCommandRunner({ ipset: failure })).header('blocked', {});

    await expect(failed).rejects.toBe(failure);
  });

  it('runs nothing for nothing', async () => {
    const commands = new RecordingCommandRunner();

    await program(commands).restore([], {});

    expect(commands.runs).toEqual([]);
  });
});
