import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dispatch } from '../../src/detect/dispatch.ts';
import { mergeTracks } from '../../src/replay/merge-tracks.ts';
import { openTracks } from '../../src/replay/open-tracks.ts';
import { nodeUnpacker } from '../../src/replay/unpacker.ts';
import { lineAt, start } from '../kernel-rig.ts';
import { LogFolder } from './log-folder.ts';
import { replayedAt } from './replay-rig.ts';

const stream = { name: 'replay:', framing: {}, dispatch: new Dispatch([]) };

async function merged(logs: readonly string[]): Promise<{ text: string; spans: number[] }> {
  const { tracks } = await openTracks({
    unpacker: nodeUnpacker,
    ...{ logs, streams: [stream], maxLineBytes: 16_384, now: replayedAt },
  });
  let text = '';
  const spans: number[] = [];
  for await (const batch of mergeTracks(tracks)) {
    text += batch.bytes.toString('latin1');
    spans.push(batch.until - batch.from);
    if (!text.endsWith('\n')) text += '\n';
  }
  return { text, spans };
}

describe(mergeTracks.name, () => {
  it('gives the lines of many logs in the order of their times, no batch longer than a minute', async () => {
    const lines = fc.array(
      fc.record({
        log: fc.nat(3),
        seconds: fc.oneof(fc.nat(2), fc.nat(90), fc.nat(100_000)),
        undated: fc.nat(2),
      }),
      { minLength: 1, maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        const folder = new LogFolder();
        const logs: string[][] = [[], [], [], []];
        const all: { at: number; log: number; text: string }[] = [];
        let at = 0;
        for (const [n, { log, seconds, undated }] of given.entries()) {
          at += seconds * 1_000;
          const more = Array.from({ length: undated }, () => `  of line ${n}`);
          const text = [lineAt(at, `line ${n}`), ...more];
          logs[log]?.push(...text);
          all.push({ at, log, text: text.join('\n') });
        }
        const used = logs.flatMap((own, log) => (own.length > 0 ? [{ own, log }] : []));
        const first = (log: number) => all.find((one) => one.log === log)?.at ?? 0;
        used.sort((a, b) => first(a.log) - first(b.log) || a.log - b.log);
        const order = new Map(used.map(({ log }, index) => [log, index]));
        const paths = used
          .map(({ own, log }) => ({
            log,
            path: folder.write(`log-${log}${log === 1 ? '.gz' : ''}`, own),
          }))
          .sort((a, b) => a.log - b.log)
          .map(({ path }) => path);

        const { text, spans } = await merged(paths);

        const rank = ({ log }: { log: number }) => order.get(log) ?? 0;
        const wanted = all.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
        expect(text.split('\n').slice(0, -1)).toEqual(
          wanted.flatMap((one) => one.text.split('\n')),
        );
        expect(Math.max(...spans)).toBeLessThanOrEqual(60_000);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('gives every stream all lines, and no batch lines of two', async () => {
    const folder = new LogFolder();
    const line = (second: number) => lineAt(second * 1_000, `line ${second}`);
    const logs = [
      folder.write('even', [0, 2, 4].map(line)),
      folder.write('odd', [1, 3, 5].map(line)),
    ];
    const streams = ['one', 'two'].map((name) => ({ ...stream, name }));
    const { tracks } = await openTracks({
      unpacker: nodeUnpacker,
      ...{ logs, streams, maxLineBytes: 16_384, now: replayedAt },
    });
    const texts = new Map<string, string>();

    for await (const { stream: its, bytes } of mergeTracks(tracks)) {
      texts.set(its.name, (texts.get(its.name) ?? '') + bytes.toString('latin1'));
    }

    const all = [0, 1, 2, 3, 4, 5].map((second) => `${line(second)}\n`).join('');
    expect(Object.fromEntries(texts)).toEqual({ one: all, two: all });
  });

  it('goes on with another log behind a last line without its end', async () => {
    const folder = new LogFolder();
    const one = folder.write('one', Buffer.from(lineAt(0, 'one')));
    const two = folder.write('two', [lineAt(1_000, 'two')]);

    const { text } = await merged([two, one]);

    expect(text).toBe(`${lineAt(0, 'one')}\n${lineAt(1_000, 'two')}\n`);
    expect(start).toBeLessThan(replayedAt);
  });
});
