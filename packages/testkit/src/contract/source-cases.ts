import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeClock } from '../fake-clock.ts';
import type { SourceUnderTest } from './source-under-test.ts';

export interface SourceCase {
  readonly title: string;
  /** Only for sources that can read what was written while they did not run. */
  readonly needsBacklog?: boolean;
  /** Only for sources whose messages can hold a line feed. */
  readonly needsMessages?: boolean;
  readonly needsLongLines?: boolean;
  readonly run: (test: SourceUnderTest) => Promise<void>;
}

function numbered(word: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${word} number ${index}.`);
}

/** What must come through as it is. */
const odd: readonly string[] = [
  'quotes " and \' and ` and \\ end.',
  'percent %s %n and $(id) and `id` end.',
  'tab\tand many      spaces end.',
  '{"json": ["x", 1]} end.',
  '<b>tag</b> & entity &amp; end.',
  '-- -rf --help end.',
];

export const sourceCases: readonly SourceCase[] = [
  {
    title: 'hands over what is written, whole lines, each once and in order',
    run: async (test) => {
      await test.started();

      for (const word of ['first', 'second', 'third']) {
        await test.rig.write(numbered(word, 20));
        await test.taking(numbered(word, 20));
      }

      const all = ['first', 'second', 'third'].flatMap((word) => numbered(word, 20));
      assert.deepEqual(test.found(all), all);
    },
  },
  {
    title: 'says that lines are live once it has reached the end',
    run: async (test) => {
      await test.started();
      await test.rig.write(['to begin with.']);
      await test.taking(['to begin with.']);
      await test.rig.passTime(1_000);

      await test.rig.write(['live.']);
      await test.taking(['live.']);

      const batch = test.taken.find(({ lines }) => lines.some((line) => line.endsWith('live.')));
      assert.equal(batch?.live, true);
    },
  },
  {
    title: 'changes no character that could mean something to somebody',
    run: async (test) => {
      await test.started();

      await test.rig.write(odd);

      await test.taking(odd);
    },
  },
  {
    title: 'makes one line of a message that holds a line feed',
    needsMessages: true,
    run: async (test) => {
      await test.started();

      await test.rig.write(['the user was x\nforged line.', 'the next one.']);
      await test.until(() => test.found(['the next one.']).length > 0);

      const forged = test.lines.filter((line) => line.includes('forged line.'));
      assert.equal(forged.length, 1);
      assert.match(forged[0] ?? '', /the user was x/);
    },
  },
  {
    title: 'waits with the next batch of a stream until the last one is committed',
    run: async (test) => {
      const gate = Promise.withResolvers<void>();
      await test.started();
      test.beforeCommit = () => gate.promise;

      await test.rig.write(numbered('held', 10));
      await test.rig.passTime(2_000);
      await test.rig.write(numbered('behind', 10));
      await test.rig.passTime(2_000);
      assert.deepEqual(test.taken, []);
      gate.resolve();

      const all = [...numbered('held', 10), ...numbered('behind', 10)];
      await test.taking(all);
    },
  },
  {
    title: 'passes no line on that is too long, counts it, and reads the next',
    needsLongLines: true,
    run: async (test) => {
      await test.started();

      await test.rig.write(['before it.', `${'x'.repeat(40_000)} too long.`, 'after it.']);
      await test.taking(['before it.', 'after it.']);

      assert.deepEqual(test.found(['too long.']), []);
      assert.equal(
        test.taken.reduce((sum, { oversized = 0 }) => sum + oversized, 0),
        1,
      );
    },
  },
  {
    title: 'goes on behind the committed bookmark after a restart, with nothing lost or twice',
    needsBacklog: true,
    run: async (test) => {
      const source = await test.started();
      await test.rig.write(numbered('before', 10));
      await test.taking(numbered('before', 10));
      await test.stop(source);
      await test.rig.write(numbered('meanwhile', 10));

      await test.started();
      await test.taking(numbered('meanwhile', 10));
      await test.rig.write(numbered('after', 10));
      await test.taking(numbered('after', 10));

      const all = ['before', 'meanwhile', 'after'].flatMap((word) => numbered(word, 10));
      assert.deepEqual(test.found(all), all);
      const late = test.taken.find(({ lines }) => lines.some((line) => /meanwhile/.test(line)));
      assert.equal(late?.live, false, 'what was written before the start is no live line');
    },
  },
  {
    title: 'reads a batch again that was refused because of a stop',
    needsBacklog: true,
    run: async (test) => {
      const source = await test.started();
      await test.rig.write(['committed.']);
      await test.taking(['committed.']);
      const refused = Promise.withResolvers<void>();
      test.beforeCommit = async () => {
        refused.resolve();
        throw new Error('remand is stopping this source');
      };
      await test.rig.write(numbered('refused', 5));
      for (let tries = 0; tries < 10; tries++) await test.rig.passTime(500);
      await Promise.race([refused.promise, sleep(2_000)]);
      await test.stop(source);
      test.beforeCommit = async () => undefined;

      await test.started();

      await test.taking(numbered('refused', 5));
      assert.deepEqual(test.found(['committed.']), ['committed.']);
    },
  },
  {
    title: 'begins its work once when start is called again while the first one goes on',
    run: async (test) => {
      const source = test.create();

      await Promise.all([test.start(source), test.start(source)]);
      await test.rig.write(numbered('once', 10));

      await test.taking(numbered('once', 10));
      await test.rig.passTime(3_000);
      assert.deepEqual(test.found(numbered('once', 10)), numbered('once', 10));
    },
  },
  {
    title: 'is silent after its stop, whatever is written',
    run: async (test) => {
      const source = await test.started();
      await test.rig.write(['heard.']);
      await test.taking(['heard.']);

      await test.stop(source);
      await test.rig.write(['not heard.']).catch(() => undefined);
      await test.rig.passTime(5_000);

      assert.deepEqual(test.late, []);
      assert.deepEqual(test.found(['not heard.']), []);
    },
  },
  {
    title: 'leaves no timer of the clock behind',
    run: async (test) => {
      const { clock } = test.rig;
      const source = await test.started();
      await test.rig.write(['one.']);
      await test.taking(['one.']);

      await test.stop(source);

      if (clock instanceof FakeClock) assert.equal(clock.pendingTimers, 0);
    },
  },
  {
    title: 'can be stopped and disposed of before a start, and twice',
    run: async (test) => {
      const source = test.create();

      for (const _ of [1, 2]) {
        await source.stop?.(1_000);
        await source.dispose?.();
      }
    },
  },
  {
    title: 'says what is wrong and what to do when its log is gone, and reads on when it is back',
    run: async (test) => {
      if (!test.rig.cutOff) return;
      await test.rig.cutOff(true);
      const source = test.create();
      let threw = false;
      await test.start(source).catch(() => {
        threw = true;
      });
      const isDegraded = () => [...test.health.values()].some(({ state }) => state === 'degraded');
      await test.until(() => threw || isDegraded());

      assert.ok(threw || isDegraded(), 'it says nothing');
      for (const report of test.health.values()) {
        assert.deepEqual(report.uses.length, 1);
        assert.notEqual(report.label, '');
        if (report.state !== 'degraded') continue;
        assert.notEqual(report.reason, '');
        assert.notEqual(report.hint, '');
      }

      await test.rig.cutOff(false);
      if (threw) await test.start(source);
      await test.until(() => !isDegraded());
      await test.rig.write(['back again.']);
      await test.taking(['back again.']);
    },
  },
];
