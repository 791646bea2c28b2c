import { CommandError, type CommandRunner, printable } from '@remand/api';
import { memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { options } from '../src/options.ts';
import { RouteAction } from '../src/route-action.ts';

const { signal } = new AbortController();
const add = (target: string) => ({ op: 'add', target, timeoutMs: null }) as const;
const remove = (target: string) => ({ op: 'remove', target, timeoutMs: null }) as const;
const many = Array.from({ length: 1_000 }, (_, n) => `198.18.${n >> 8}.${n & 255}`);

needs('root', 'ip')('RouteAction in a network namespace', () => {
  let namespace: Namespace;
  let logger = memoryLogger();

  beforeEach(() => {
    namespace = new Namespace();
    logger = memoryLogger();
    ip('link set lo up');
    ip('link add veth0 type veth peer name veth1');
    ip('addr add 198.51.100.200/24 dev veth0');
    ip('addr add 2001:db8:0:1::200/64 dev veth0 nodad');
    ip('link set veth0 up');
    ip('link set veth1 up');
  });

  afterEach(() => namespace.remove());

  const ip = (line: string) => namespace.exec('ip', ...line.split(' '));
  const table = (family: 4 | 6, name: number | string = 7263) =>
    ip(`-${family} route show table ${name}`);

  function make(given: object = {}, commands: CommandRunner = namespace.commands) {
    const parsed = options.parse(given);
    return new RouteAction({
      list: 'route/x',
      options: parsed,
      commands,
      clock: realClock,
      logger,
    });
  }

  /** Says no more of a failure than the daemon's runner does. */
  const curt: CommandRunner = {
    stream: namespaceStream,
    run: async (argv, given) => {
      try {
        return await namespace.commands.run(argv, given);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        const stderr = printable(error.stderr ?? '', 2_048);
        throw new CommandError(error.code, 'ended with 1', { stderr });
      }
    },
  };

  function namespaceStream(argv: readonly string[]) {
    return namespace.commands.stream(argv);
  }

  it('routes whole networks of the machine into nothing, and leaves their own routes alone', async () => {
    const before = table(4, 'main') + table(6, 'main');
    const action = make();
    await action.start(signal);

    await action.apply(['198.51.100.0/24', '2001:db8:0:1::/64'].map(add), signal);

    expect(() => ip('route get 198.51.100.7')).toThrow(/Invalid argument/);
    expect(() => ip('route get 2001:db8:0:1::7')).toThrow(/Invalid argument/);
    expect(ip('route get 198.51.100.200')).toMatch(/^local /);
    expect(table(4, 'main') + table(6, 'main')).toBe(before);

    await action.flush(signal);
    expect(ip('route get 198.51.100.7')).toContain('dev veth0');
    expect(table(4, 'main') + table(6, 'main')).toBe(before);
  });

  it('goes before a more specific route of the admin, and tells senders where it is told to', async () => {
    ip('route add 203.0.113.0/25 dev veth0');
    const action = make({ type: 'unreachable' });
    await action.start(signal);

    await action.apply([add('203.0.113.0/24')], signal);

    expect(() => ip('route get 203.0.113.7')).toThrow(/No route to host/);
    await action.apply([remove('203.0.113.0/24')], signal);
    expect(ip('route get 203.0.113.7')).toContain('dev veth0');
  });

  it('tells which entries failed of a batch with more failures than an error can hold', async () => {
    const action = make({}, curt);
    await action.start(signal);
    await action.apply(many.map(add), signal);

    // All but three are in already, and the end of what ip says is not heard.
    const { refused } = await action.apply(
      [add('203.0.113.9/24'), ...many.map(add), add('203.0.113.7'), add('192.0.2.9/24')],
      signal,
    );

    expect(refused).toEqual([
      { index: 0, reason: expect.stringMatching(/Invalid/) },
      { index: 1_002, reason: 'ip could not change the route' },
    ]);
    expect(table(4).split('\n').filter(Boolean)).toHaveLength(1_001);
    expect((await action.apply([...many, ...many].map(remove), signal)).refused).toEqual([]);
    expect(table(4)).toContain('203.0.113.7');
    expect(table(4).split('\n').filter(Boolean)).toHaveLength(1);
  });

  it('refuses a table with routes of others, and never removes them', async () => {
    ip('route add 192.0.2.0/24 dev veth0 table 7263');
    const action = make();

    await expect(action.start(signal)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('"192.0.2.0/24 dev veth0'),
    });
    expect(await action.list(signal)).toMatchObject({ state: 'unavailable' });
    await action.flush(signal);
    expect(table(4)).toContain('192.0.2.0/24 dev veth0');
    expect(ip('rule show')).not.toContain('7263');
  });

  it('takes over the bans of an earlier life, also of the other type', async () => {
    const first = make();
    await first.start(signal);
    await first.apply(['198.51.100.7', '2001:db8::/64'].map(add), signal);

    const next = make({ type: 'unreachable' });
    await next.start(signal);

    expect(table(4)).toMatch(/^unreachable 198\.51\.100\.7 /);
    expect(table(6)).toMatch(/^unreachable 2001:db8::\/64 /);
    expect(await next.list(signal)).toMatchObject({
      entries: [{ target: '198.51.100.7' }, { target: '2001:db8::/64' }],
    });
  });

  it('makes its rule again when others removed it', async () => {
    const action = make();
    await action.start(signal);
    await action.apply([add('203.0.113.7')], signal);

    ip('-4 rule flush');
    expect(ip('-4 rule show')).not.toContain('7263');
    await action.list(signal);

    expect(() => ip('route get 203.0.113.7')).toThrow(/Invalid argument/);
  });

  it('works where IPv6 is switched off', async () => {
    namespace.exec('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1');
    const action = make();
    await action.start(signal);

    const { refused } = await action.apply(['203.0.113.7', '2001:db8::1'].map(add), signal);

    expect(table(4)).toContain('203.0.113.7');
    expect(table(6).includes('2001:db8::1')).toBe(refused.length === 0);
  });
});
