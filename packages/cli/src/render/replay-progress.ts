import type { ReplayProgress } from '@remand/daemon';
import { localTime } from '../output/when.ts';

const everyMs = 100;
const barWidth = 24;

/** Shows how far a replay has come, ten times a second at most. */
export function replayProgress(
  show: (line: string) => void,
  now: () => number,
): (progress: ReplayProgress) => void {
  const startedAt = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const at = now();
    if (at - shownAt < everyMs) return;
    shownAt = at;
    show(progressLine(progress, at - startedAt));
  };
}

/** `█████▌        23 %  1.41 M lines/s  2026-11-03 10:00:00` */
function progressLine({ bytes, totalBytes, lines, at }: ReplayProgress, tookMs: number): string {
  const part = totalBytes > 0 ? Math.min(1, bytes / totalBytes) : 0;
  const full = Math.round(part * barWidth);
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
  const percent = String(Math.floor(part * 100)).padStart(3);
  return `${bar} ${percent} %  ${linesPerSecond(lines, tookMs)}  ${localTime(at)}`;
}

/** `1.41 M lines/s` */
export function linesPerSecond(lines: number, tookMs: number): string {
  const perSecond = tookMs > 0 ? (lines / tookMs) * 1000 : 0;
  return perSecond >= 10_000
    ? `${(perSecond / 1e6).toFixed(2)} M lines/s`
    : `${Math.round(perSecond)} lines/s`;
}
