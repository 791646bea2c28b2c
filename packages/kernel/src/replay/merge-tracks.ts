import type { ReplayStream, Track } from './track.ts';

/** The fuse and the ends of holds see the time of a batch: it lasts no longer than this. */
const longestMs = 60_000;
const mostBytes = 1_048_576;

/** Lines of one stream, in the order of their times. Good until the next batch is asked for. */
export interface ReplayBatch {
  readonly stream: ReplayStream;
  readonly bytes: Buffer;
  /** The time of the first line. */
  readonly from: number;
  /** Lines are earlier than this, but for disorder. */
  readonly until: number;
  readonly dropped: number;
}

/**
 * Merges the lines of all tracks by their times: lines of the same time by the order of the
 * tracks. A log is opened when the first of its lines is due.
 */
export async function* mergeTracks(tracks: readonly Track[]): AsyncGenerator<ReplayBatch> {
  for (;;) {
    await fillHeads(tracks);
    const first = earliest(tracks);
    if (!first) return;
    const { stream, time: from } = first;
    const until = from + longestMs;
    const pieces: Buffer[] = [];
    let bytes = 0;
    let dropped = 0;
    for (let track: Track | undefined = first; track; track = earliest(tracks)) {
      // Its next block would overwrite what was taken, or it is not open yet.
      if (track.isEmpty || track.time >= until || track.stream !== stream) break;
      if (bytes >= mostBytes) break;
      const piece = track.take(Math.min(until, dueAfter(track, tracks)));
      pieces.push(piece);
      bytes += piece.length;
      dropped += track.takeDropped();
    }
    const [only] = pieces;
    const joined = pieces.length === 1 && only ? only : Buffer.concat(withLineEnds(pieces));
    yield { stream, bytes: joined, from, until, dropped };
  }
}

/** Reads on where the head is not known: only that shows which line is the earliest. */
async function fillHeads(tracks: readonly Track[]): Promise<void> {
  for (let track = earliest(tracks); track?.isEmpty; track = earliest(tracks)) await track.fill();
}

function earliest(tracks: readonly Track[]): Track | undefined {
  let first: Track | undefined;
  for (const track of tracks) {
    if (track.time < (first?.time ?? Number.POSITIVE_INFINITY)) first = track;
  }
  return first;
}

/** The time from which on a line of another track comes before the next one of this. */
function dueAfter(track: Track, tracks: readonly Track[]): number {
  let limit = Number.POSITIVE_INFINITY;
  let isBehind = true;
  for (const other of tracks) {
    if (other === track) isBehind = false;
    else limit = Math.min(limit, isBehind ? other.time : other.time + 1);
  }
  return Math.max(limit, track.time + 1);
}

const newline = 10;
const lineEnd = Buffer.from('\n');

/** The last line of a log may have no end, and another one follows it here. */
function withLineEnds(pieces: readonly Buffer[]): Buffer[] {
  return pieces.flatMap((piece) =>
    piece.length === 0 || piece[piece.length - 1] === newline ? [piece] : [piece, lineEnd],
  );
}
