import type { Piece } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { Conversations } from '../../src/detect/conversations.ts';
import type { StoredConversation } from '../../src/ledger/ledger.ts';

const place = { stream: 's', filter: 'f' };
const minute = 60_000;

/** Conversations, with what they commit kept as a ledger would. */
function rig() {
  const kept = new Map<string, StoredConversation>();
  const load = () => [...kept.values()];
  let all = new Conversations(load);
  return {
    kept,
    hear: (piece: Piece, at = 0, within = 'host') => all.hear(place, piece, within, at),
    commit: () => {
      for (const change of all.takeChanges()) {
        if (change.value === null) kept.delete(change.name);
        else kept.set(change.name, change);
      }
    },
    /** What was not committed is gone. */
    crash: () => {
      all = new Conversations(load);
    },
  };
}

const opens = (conversation: string, address: string): Piece => ({ conversation, address });
const offence = (conversation: string, user?: string): Piece => ({
  conversation,
  offence: true,
  ...(user !== undefined && { user }),
});
const ends = (conversation: string): Piece => ({ conversation, ends: true });

describe(Conversations.name, () => {
  it('matches with the line that completes one, in either order', () => {
    const { hear } = rig();

    expect(hear(opens('1', 'a'))).toBeUndefined();
    expect(hear(offence('1', 'bob'))).toEqual({ address: 'a', user: 'bob' });
    expect(hear(offence('1'))).toEqual({ address: 'a', user: 'bob' });
    expect(hear(offence('2'))).toBeUndefined();
    expect(hear(opens('2', 'b'))).toEqual({ address: 'b' });
    expect(hear(opens('2', 'b'))).toBeUndefined();
  });

  it('blames nobody for what another did under the same name', () => {
    const { hear } = rig();

    hear(opens('1', 'a'));
    hear(opens('1', 'b'));
    expect(hear(offence('1'))).toEqual({ address: 'b' });
    hear(ends('1'));
    expect(hear(offence('1'))).toBeUndefined();
    expect(hear(offence('1'), 0, 'other host')).toBeUndefined();
    hear(opens('9', 'a'));
    expect(hear(offence('9'), 0, 'other host')).toBeUndefined();
  });

  it('forgets what was not heard for long', () => {
    const { hear, commit, kept } = rig();

    hear(opens('1', 'a'), 0);
    hear(opens('2', 'b'), 9 * minute);
    hear(offence('3'), 9 * minute);
    expect(hear(offence('1'), 10 * minute)).toBeUndefined();
    expect(hear(offence('2'), 10 * minute)).toEqual({ address: 'b' });
    expect(hear(opens('3', 'c'), 10 * minute + 1)).toBeUndefined();
    commit();
    expect([...kept.keys()].sort()).toEqual(['host 1', 'host 2', 'host 3']);
    hear(ends('2'), 11 * minute);
    commit();
    expect([...kept.keys()].sort()).toEqual(['host 1', 'host 3']);
  });

  it('keeps no more than it may', () => {
    const { hear, commit, kept } = rig();

    for (let n = 0; n < 10_050; n++) hear(opens(String(n), 'a'));
    commit();

    expect(kept.size).toBe(10_000);
    expect(hear(offence('49'))).toBeUndefined();
    expect(hear(offence('10049'))).toBeDefined();
    expect(hear({ conversation: 'x'.repeat(10_000), address: 'y'.repeat(10_000) })).toBeUndefined();
    commit();
    const longest = Math.max(...[...kept.values()].map(({ value }) => value?.length ?? 0));
    expect(longest).toBeLessThan(300);
  });

  it('goes on after a crash as if there had been none, at whatever line', () => {
    const story: readonly (readonly [Piece, number])[] = [
      [opens('1', 'a'), 0],
      [offence('2', 'eve'), 1],
      [offence('1'), 2],
      [opens('2', 'b'), 3],
      [ends('1'), 4],
      [offence('1'), 5],
      [opens('1', 'c'), 6],
      [offence('2'), 11 * minute],
    ];
    const undisturbed = rig();
    const wanted = story.map(([piece, at]) => undisturbed.hear(piece, at));
    expect(wanted.filter((match) => match !== undefined)).toHaveLength(3);

    for (let crashAt = 0; crashAt < story.length; crashAt++) {
      const disturbed = rig();
      const found = story.map(([piece, at], index) => {
        if (index === crashAt) {
          // It had heard more, which was not committed: those lines come again.
          for (const [next, time] of story.slice(index, index + 2)) disturbed.hear(next, time);
          disturbed.crash();
        }
        const match = disturbed.hear(piece, at);
        disturbed.commit();
        return match;
      });
      expect(found, `a crash before line ${crashAt}`).toEqual(wanted);
    }
  });
});
