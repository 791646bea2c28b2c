import type { CommandRunner, Target } from '@remand/api';
import { type MemoryLogger, memoryLogger } from '@remand/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Namespace, realClock } from '../../../test/support/namespace.ts';
import { needs } from '../../../test/support/needs.ts';
import { IptablesAction } from '../src/iptables-action.ts';
import { options } from '../src/options.ts';

const signal = AbortSignal.timeout(600_000);
const chain = 'remand-sshd';

needs(
  'root',
  'ip',
  'iptables',
  'ipset',
)('IptablesAction on the real iptables', () => {
  for (const variant of ['nft', 'legacy'] as const) {
    const legacy = variant === 'legacy' ? (['legacy iptables'] as const) : [];
    needs(...legacy)(`in the variant ${variant}`, () => {
      let namespace: Namespace;
      let logger: MemoryLogger;
      let ran: string[];

      beforeEach(() => {
        namespace = new Namespace();
        logger = memoryLogger();
        ran = [];
      });

      afterEach(() => namespace.remove());

      function action(given: object = {}, list = 'iptables-allports/sshd'): IptablesAction {
        const commands: CommandRunner = {
          ...namespace.commands,
          run: (argv, more) => {
            ran.push(argv[0] ?? '');
            return namespace.commands.run(argv, more);
          },
        };
        const parsed = options.parse({ variant, ...given });
        return new IptablesAction({ list, options: parsed, commands, clock: realClock, logger });
      }

      function iptables(...args: readonly string[]): string {
        return namespace.exec(`iptables-${variant}`, '-w', '5', ...args);
      }

      function rulesOf(name: string): readonly string[] {
        const lines = iptables('-S', name).split('\n');
        return lines.filter((line) => line.startsWith('-A '));
      }

      async function ban(one: IptablesAction, ...targets: readonly Target[]): Promise<void> {
        await one.apply(
          targets.map((target) => ({ op: 'add', target, timeoutMs: 60_000 })),
          signal,
        );
      }

      async function targetsOf(one: IptablesAction): Promise<readonly Target[]> {
        const listing = await one.list(signal);
        if (listing.state !== 'known') throw new Error(JSON.stringify(listing));
        return listing.entries.map(({ target }) => target).sort();
      }

      it.each([
        {},
        { ipset: 'no' },
        { ipset: 'no', target: 'REJECT' },
        { target: 'REJECT', ports: [22, '6000-6010'], protocol: 'both' },
      ])(
        'writes its rules as iptables prints them, so that a second look changes nothing: %j',
        async (given) => {
          const one = action(given);
          await one.start(signal);
          await ban(one, '198.51.100.1', '203.0.0.0/12', '2001:db8:1::/64', '2001:db8::1');
          ran = [];

          await one.list(signal);
          await action(given).start(signal);

          expect(ran.filter((program) => program.endsWith('tables-restore'))).toEqual([]);
          expect(ran.filter((program) => program.endsWith('-restore'))).toEqual([]);
        },
      );

      it.each(['yes', 'no'])(
        'lists every address as the kernel writes it, with ipset: %s',
        async (ipset) => {
          const targets = [
            '0.0.0.1',
            '128.0.0.0/1',
            '203.0.112.0/20',
            '255.255.255.255',
            '2000::/3',
            '2001:db8:0:1:1:1:1:1',
            '2001:db8::1:0:0:1',
            '2001:db8::/65',
            '::2',
            'ff00::/64',
          ];
          const one = action({ ipset });
          await one.start(signal);

          await ban(one, ...targets);

          expect(await targetsOf(one)).toEqual(targets.toSorted());
        },
      );

      it('is led to from INPUT and FORWARD, each protocol with its ports', async () => {
        await action({ ports: [22, '6000-6010'], protocol: 'both' }).start(signal);

        for (const hook of ['INPUT', 'FORWARD']) {
          expect(rulesOf(hook)).toEqual(
            ['tcp', 'udp'].map(
              (protocol) =>
                `-A ${hook} -p ${protocol} -m multiport --dports 22,6000:6010 -m comment --comment remand -j ${chain}`,
            ),
          );
        }
      });

      it('takes the first place again from another program, whose rule stays', async () => {
        const [one, other] = [action(), action({}, 'iptables-allports/web')];
        await one.start(signal);
        await other.start(signal);
        iptables('-N', 'other');
        iptables('-I', 'INPUT', '-j', 'other');

        await one.list(signal);
        await other.list(signal);
        ran = [];
        await one.list(signal);

        const places = rulesOf('INPUT').map((rule) => rule.split(' ').at(-1));
        expect(places.slice(0, 2).sort()).toEqual([chain, 'remand-web']);
        expect(places.slice(2)).toEqual(['other']);
        expect(ran.filter((program) => program.endsWith('tables-restore'))).toEqual([]);
        expect(logger.lines).toMatchObject([
          { event: 'chain-put-right', fields: { family: 'IPv4', what: 'its jumps' } },
          {
            event: 'chain-put-right',
            fields: { list: 'iptables-allports/web', what: 'its jumps' },
          },
        ]);
      });

      it('leaves one jump where somebody doubled it', async () => {
        const one = action();
        await one.start(signal);
        iptables('-A', 'INPUT', '-m', 'comment', '--comment', 'remand', '-j', chain);

        await one.list(signal);

        expect(rulesOf('INPUT')).toHaveLength(1);
      });

      it('moves from FORWARD to DOCKER-USER once that is in use, and back', async () => {
        const one = action();
        iptables('-N', 'DOCKER-USER');
        iptables('-A', 'DOCKER-USER', '-j', 'RETURN');
        await one.start(signal);
        expect(rulesOf('FORWARD')).toHaveLength(1);
        expect(rulesOf('DOCKER-USER')).toHaveLength(1);

        iptables('-I', 'FORWARD', '-j', 'DOCKER-USER');
        await one.list(signal);
        expect(rulesOf('FORWARD')).toEqual(['-A FORWARD -j DOCKER-USER']);
        expect(rulesOf('DOCKER-USER')[0]).toMatch(/-j remand-sshd$/);

        iptables('-D', 'FORWARD', '-j', 'DOCKER-USER');
        await one.list(signal);
        expect(rulesOf('FORWARD')[0]).toMatch(/-j remand-sshd$/);
        expect(rulesOf('DOCKER-USER')).toEqual(['-A DOCKER-USER -j RETURN']);
      });

      it('keeps the rules of an admin in its chain where they are, over a rebuild too', async () => {
        const one = action({ ipset: 'no' });
        await one.start(signal);
        await ban(one, '198.51.100.1');
        iptables(
          '-I',
          chain,
          '-s',
          '192.0.2.7/32',
          '-m',
          'comment',
          '--comment',
          'my "own"',
          '-j',
          'RETURN',
        );
        iptables('-A', chain, '-j', 'LOG', '--log-prefix', 'banned? ');

        await ban(one, '198.51.100.2');
        await one.list(signal);
        const [first, ...small] = rulesOf(chain);
        await ban(one, ...Array.from({ length: 200 }, (_, n) => `198.18.0.${n}`));

        expect(first).toBe(
          `-A ${chain} -s 192.0.2.7/32 -m comment --comment "my \\"own\\"" -j RETURN`,
        );
        expect(small).toEqual([
          `-A ${chain} -s 198.51.100.2/32 -j DROP`,
          `-A ${chain} -s 198.51.100.1/32 -j DROP`,
          `-A ${chain} -m comment --comment remand`,
          `-A ${chain} -j LOG --log-prefix "banned? "`,
        ]);
        const large = rulesOf(chain);
        expect(large).toHaveLength(205);
        expect([large[0], ...large.slice(-2)]).toEqual([first, ...small.slice(-2)]);
        const told = logger.lines.filter(({ event }) => event === 'foreign-rules');
        expect(told).toHaveLength(1);
        expect(told[0]?.fields).toMatchObject({ family: 'IPv4', rules: 2 });
      });

      it('refuses a chain of that name that is not its own, and leaves it as it is', async () => {
        iptables('-N', chain);
        iptables('-A', chain, '-s', '192.0.2.7/32', '-j', 'ACCEPT');
        const one = action();

        await expect(one.start(signal)).rejects.toThrow(
          /has a chain remand-sshd without remand's mark/,
        );
        expect(await one.list(signal)).toMatchObject({
          state: 'unavailable',
          reason: expect.stringContaining('192.0.2.7/32 -j ACCEPT'),
          hint: expect.stringContaining('choose another `name`'),
        });
        await one.flush(signal);

        expect(rulesOf(chain)).toEqual([`-A ${chain} -s 192.0.2.7/32 -j ACCEPT`]);
      });

      it.each(['hash:ip', 'hash:net'])(
        'refuses a set of that name that is of another kind, %s',
        async (kind) => {
          namespace.exec('ipset', 'create', `${chain}-v4`, kind);

          await expect(action().start(signal)).rejects.toMatchObject({
            message: expect.stringContaining('of another kind'),
            hint: expect.stringContaining('ipset list -t'),
          });
          await action().flush(signal);

          expect(namespace.exec('ipset', 'list', '-n')).toBe(`${chain}-v4\n`);
        },
      );

      it('does not take out a chain to which others lead, and says which rule does', async () => {
        const one = action();
        await one.start(signal);
        await ban(one, '198.51.100.1');
        iptables('-A', 'OUTPUT', '-j', chain);

        await expect(one.flush(signal)).rejects.toThrow('"-A OUTPUT -j remand-sshd"');
        iptables('-D', 'OUTPUT', '-j', chain);
        await one.flush(signal);

        expect(iptables('-S')).not.toContain('remand');
        expect(namespace.exec('ipset', 'list', '-n')).toBe('');
      });

      it.each([
        ['yes', 'no'],
        ['no', 'yes'],
      ])('takes its entries along from ipset: %s to ipset: %s', async (before, after) => {
        const targets = ['198.51.100.1', '2001:db8:1::/64', '203.0.113.0/24'];
        const one = action({ ipset: before });
        await one.start(signal);
        await ban(one, ...targets);

        const next = action({ ipset: after });
        await next.start(signal);

        expect(await targetsOf(next)).toEqual(targets.toSorted());
        expect(namespace.exec('ipset', 'list', '-n') === '').toBe(after === 'no');
        expect(rulesOf(chain)).toHaveLength(after === 'no' ? 3 : 2);
      });

      it('writes its rules anew when the options have changed, and keeps the bans', async () => {
        const one = action({ ipset: 'no' });
        await one.start(signal);
        await ban(one, '198.51.100.1');

        const next = action({ ipset: 'no', target: 'REJECT', ports: [22] });
        await next.start(signal);

        expect(await targetsOf(next)).toEqual(['198.51.100.1']);
        expect(rulesOf(chain)[0]).toBe(
          `-A ${chain} -s 198.51.100.1/32 -j REJECT --reject-with icmp-port-unreachable`,
        );
        expect(rulesOf('INPUT')).toEqual([
          `-A INPUT -p tcp -m multiport --dports 22 -m comment --comment remand -j ${chain}`,
        ]);
      });

      it('makes a set again that was destroyed, and tells of the loss', async () => {
        const one = action();
        const told: string[] = [];
        const watching = new AbortController();
        await one.start(signal);
        one.watch((what) => told.push(what), watching.signal);
        await ban(one, '198.51.100.1');
        for (const program of ['iptables', 'ip6tables']) {
          namespace.exec(`${program}-${variant}`, '-F');
          namespace.exec(`${program}-${variant}`, '-X');
        }
        await expect.poll(() => namespace.exec('ipset', 'destroy')).toBe('');

        await ban(one, '198.51.100.2');
        watching.abort();

        expect(told).toEqual(['a set was gone']);
        expect(await targetsOf(one)).toEqual(['198.51.100.2']);
        expect(rulesOf('INPUT')).toHaveLength(1);
      });

      it('takes a rule of its own kind that an admin wrote for an entry', async () => {
        const one = action({ ipset: 'no' });
        await one.start(signal);
        iptables('-A', chain, '-s', '192.0.2.7/32', '-j', 'DROP');

        expect(await targetsOf(one)).toEqual(['192.0.2.7']);
      });
    });
  }
});
