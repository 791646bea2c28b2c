import type { CommandRunner } from '@remand/api';

/** What runs here, by name: `sshd`, `postfix`. The ports are those that others can reach, if any. */
export type Running = ReadonlyMap<string, readonly number[]>;

/** Asks for programs that listen (ss of iproute2) and for units that run. What cannot be asked is none. */
export async function findRunning(commands: CommandRunner): Promise<Running> {
  const ask = (argv: readonly string[]) =>
    commands.run(argv, { timeoutMs: 5_000 }).then(
      ({ stdout }) => stdout.split('\n'),
      () => [],
    );
  const [sockets, units] = await Promise.all([
    ask(['ss', '-H', '-l', '-n', '-t', '-u', '-p']),
    ask(['systemctl', 'list-units', '--type=service', '--state=running', '--plain', '--no-legend']),
  ]);
  const ports = new Map<string, Set<number>>();
  for (const line of units) {
    const unit = /^(\S+)\.service\s/.exec(line)?.[1];
    if (unit !== undefined) ports.set(programOf(unit), new Set());
  }
  for (const line of sockets) {
    // tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=812,fd=3))
    const [, host = '', port] = /^\S+\s+\S+\s+\d+\s+\d+\s+(\S*):(\d{1,5})\s/.exec(line) ?? [];
    if (port === undefined || /^(?:127\.|\[::1\])/.test(host)) continue;
    for (const [, program = ''] of line.matchAll(/\("([^"]{1,60})",pid=\d+/g)) {
      ports.set(program, (ports.get(program) ?? new Set()).add(Number(port)));
    }
  }
  return new Map([...ports].map(([name, all]) => [name, [...all].sort((a, b) => a - b)]));
}

/** `postfix@-.service` is an instance of postfix. */
export function programOf(unit: string): string {
  return unit.replace(/\.service$/, '').replace(/@.*$/, '');
}
