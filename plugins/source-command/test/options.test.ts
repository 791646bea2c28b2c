import { describe, expect, it } from 'vitest';
import { commandOptions } from '../src/options.ts';

const accepts = (argv: string[], more = {}) => commandOptions.safeParse({ argv, ...more }).success;

describe('commandOptions', () => {
  it.each([
    [['ssh', 'gate', 'tail', '-n', '0', '-F', '/var/log/auth.log'], {}],
    [['docker', 'logs', '-f', '--tail', '0', 'web'], {}],
    [['/usr/bin/docker', 'logs', '-f', '--tail=0', 'web'], {}],
    [['docker', 'logs', '-ft', '--since', '{since}', 'web'], { timestamps: 'strip' }],
    [['kubectl', 'logs', '-f', '-n', '0', 'web'], {}],
    [['logger'], { header: 'none', timeZone: 'Europe/Berlin', stderr: 'lines' }],
  ])('takes %j with %j', (argv, more) => {
    expect(accepts(argv, more)).toBe(true);
  });

  it.each([
    [[], {}],
    [['a\0b'], {}],
    [['docker', 'logs', '-f', 'web'], {}],
    [['/usr/bin/podman', 'logs', '-f', '--tail', '10', 'web'], {}],
    [['docker', 'logs', '--since', '{since}', 'web'], {}],
    [['x'], { program: 'sshd', timestamps: 'strip' }],
    [['x'], { program: 'sshd', header: 'none' }],
    [['x'], { program: 'a b' }],
    [['x'], { timeZone: 'Mars' }],
    [['x'], { shell: true }],
  ])('refuses %j with %j', (argv, more) => {
    expect(accepts(argv, more)).toBe(false);
  });
});
