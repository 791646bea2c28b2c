import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, type Notice } from '@remand/api';
import { hostileNotice, hostileTexts, sampleNotices } from '../sample-notices.ts';
import type { Trouble } from './notifier-rig.ts';
import type { NotifierUnderTest } from './notifier-under-test.ts';

export interface NotifierCase {
  readonly title: string;
  /** What it has to make go wrong. */
  readonly needs?: Trouble;
  readonly run: (test: NotifierUnderTest) => Promise<void>;
}

/** By real time, for what waits on a socket or a program that never answers. */
const patienceMs = 5_000;

export const notifierCases: readonly NotifierCase[] = [
  {
    title: 'delivers a notice of each kind, with what it says',
    run: async (test) => {
      const notifier = await test.started();

      for (const notice of Object.values(sampleNotices)) {
        const before = (await test.rig.arrived()).length;
        await test.deliver(notifier, [notice]);

        const fresh = (await test.rig.arrived()).slice(before);
        assert.notEqual(fresh.length, 0, `nothing arrived of ${notice.kind}`);
        says(fresh.join('\n'), notice.address ?? wordsOf(notice.summary));
      }
    },
  },
  {
    title: 'delivers a hundred notices in one call, and leaves none out',
    run: async (test) => {
      const notifier = await test.started();
      const many = Array.from({ length: 100 }, (_, n) => bannedAs(`198.51.100.${n}`));

      await test.deliver(notifier, many);

      const arrived = (await test.rig.arrived()).join('\n');
      for (const { address = '' } of many) says(arrived, address);
    },
  },
  {
    title: 'shows hostile text as text, however long it is',
    run: async (test) => {
      const notifier = await test.started();

      await test.deliver(notifier, hostileTexts.map(hostileNotice));
      for (const text of hostileTexts.slice(0, 20)) {
        await test.deliver(notifier, [hostileNotice(text)]);
      }

      const arrived = (await test.rig.arrived()).join('\n');
      const found = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\u2028\u2029]/u.exec(arrived);
      const code = found?.[0].codePointAt(0)?.toString(16);
      assert.equal(code, undefined, 'a control or unseen character got through');
      assert.ok(arrived.length < 4_000_000, 'what is delivered has no bound');
    },
  },
  {
    title: 'delivers the same notice again when it is asked to',
    run: async (test) => {
      const notifier = await test.started();

      await test.deliver(notifier, [sampleNotices.ban]);
      await test.deliver(notifier, [sampleNotices.ban]);

      assert.ok((await test.rig.arrived()).length >= 1);
    },
  },
  {
    title: 'fails while it is refused for a time, says what to do, and delivers after that',
    needs: 'refuses for a time',
    run: async (test) => {
      const trouble = troubleOf(test);
      const notifier = await test.started();

      await trouble('refuses for a time');
      for (const _ of [1, 2]) {
        const error = await failureOf(test.deliver(notifier, [sampleNotices.ban]));
        assert.notEqual(error.code, 'NOTICE_REFUSED');
        assert.notEqual(error.hint ?? '', '', 'no hint says what to do');
      }
      await trouble(undefined);
      await test.deliver(notifier, [bannedAs('198.51.100.1')]);

      says((await test.rig.arrived()).join('\n'), '198.51.100.1');
    },
  },
  {
    title: 'says when trying again is useless, and goes on with other notices',
    needs: 'refuses for good',
    run: async (test) => {
      const trouble = troubleOf(test);
      const notifier = await test.started();

      await trouble('refuses for good');
      const error = await failureOf(test.deliver(notifier, [sampleNotices.ban]));
      await trouble(undefined);
      await test.deliver(notifier, [bannedAs('198.51.100.1')]);

      assert.equal(error.code, 'NOTICE_REFUSED');
      assert.notEqual(error.hint ?? '', '', 'no hint says what to do');
    },
  },
  {
    title: 'ends with the signal when nobody answers, and delivers the next',
    needs: 'hangs',
    run: async (test) => {
      const trouble = troubleOf(test);
      const notifier = await test.started();
      const abort = new AbortController();

      await trouble('hangs');
      const hanging = test.deliver(notifier, [sampleNotices.ban], abort.signal);
      hanging.catch(() => undefined);
      await sleep(50);
      abort.abort(new Error('aborted by the suite'));
      await inTime(assert.rejects(hanging), 'the delivery went on after its signal');
      await trouble(undefined);

      await inTime(
        test.deliver(notifier, [bannedAs('198.51.100.1')]),
        'the next delivery did not end',
      );
    },
  },
  {
    title: 'can be stopped and disposed of before a start, and twice',
    run: async (test) => {
      const notifier = test.create();

      for (const _ of [1, 2]) {
        await notifier.stop?.(1_000);
        await notifier.dispose?.();
      }
    },
  },
  {
    title: 'can be stopped and disposed of after its work, twice, and its successor works',
    run: async (test) => {
      const notifier = await test.started();
      await test.deliver(notifier, [sampleNotices.ban]);

      for (const _ of [1, 2]) {
        await notifier.stop?.(1_000);
        await notifier.dispose?.();
      }
      await test.deliver(await test.started(), [bannedAs('198.51.100.1')]);

      says((await test.rig.arrived()).join('\n'), '198.51.100.1');
    },
  },
  {
    title: 'ends what is under way when it is stopped and disposed of',
    needs: 'hangs',
    run: async (test) => {
      const trouble = troubleOf(test);
      const notifier = await test.started();

      await trouble('hangs');
      const hanging = test.deliver(notifier, [sampleNotices.ban]);
      hanging.catch(() => undefined);
      await sleep(50);
      await notifier.stop?.(1_000);
      await notifier.dispose?.();

      await inTime(assert.rejects(hanging), 'the delivery went on after the end');
      await trouble(undefined);
    },
  },
];

function troubleOf({ rig }: NotifierUnderTest): (what: Trouble | undefined) => Promise<void> {
  assert.ok(rig.trouble, 'the rig makes no trouble: name in `troubles` what it can make');
  return async (what) => rig.trouble?.(what);
}

function bannedAs(address: string): Notice {
  const { ban } = sampleNotices;
  const summary = ban.summary.replaceAll('192.0.2.7', address);
  return { ...ban, id: `notice-${address}`, address, summary };
}

/** A line can be broken where it is shown, and a name taken apart. */
function wordsOf(summary: string): string {
  return summary.split(' ').slice(0, 2).join(' ');
}

function says(arrived: string, words: string): void {
  const isThere = arrived.replace(/\s+/g, ' ').includes(words);
  assert.ok(isThere, `${JSON.stringify(words)} has not arrived`);
}

async function failureOf(delivery: Promise<void>): Promise<CommandError> {
  const error = await delivery.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CommandError, `rejects with a CommandError, not ${String(error)}`);
  return error;
}

async function inTime<Result>(work: Promise<Result>, message: string): Promise<Result> {
  const late = new AbortController();
  const end = sleep(patienceMs, undefined, { signal: late.signal }).then(() => {
    throw new assert.AssertionError({ message });
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    end.catch(() => undefined);
    late.abort();
  }
}
