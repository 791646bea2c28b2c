import type { Notice, NoticeLedgerState } from '@remand/api';
import { digestBlocks } from './digest-blocks.ts';
import { kinds } from './kinds.ts';
import { mailText } from './mail-text.ts';
import type { Block, Detail } from './story.ts';
import { end, utc, utcMinute } from './times.ts';

type Row = readonly [string, string];

/** What a mail says about one notice. */
export function noticeBlocks(notice: Notice, detail: Detail): readonly Block[] {
  const { kind, summary, evidence = [], undo, digest } = notice;
  return [
    { kind: 'heading', text: headline(notice), tone: kinds[kind].tone },
    { kind: 'sentence', text: mailText(summary, detail.sentenceLength) },
    { kind: 'facts', rows: factsOf(notice) },
    ...why(evidence, detail),
    ...history(notice, detail),
    ...(digest === undefined ? [] : digestBlocks(digest)),
    ...(undo === undefined ? [] : undoBlocks(undo)),
  ];
}

/** `banned 192.0.2.7 (sshd)`: also the subject of a mail. */
export function headline({ kind, address, holder }: Notice): string {
  const words = [kinds[kind].verb];
  if (address !== undefined && address !== '') words.push(mailText(address, 50));
  if (holder !== undefined) words.push(`(${mailText(holder, 40)})`);
  return words.join(' ');
}

function factsOf({ address, holder, at, until, ledger, silence }: Notice): readonly Row[] {
  const rows: Row[] = [];
  if (address !== undefined && address !== '') rows.push(['Address', mailText(address, 50)]);
  if (holder !== undefined) rows.push([holderLabel(holder, ledger), mailText(holder, 40)]);
  rows.push(['Time', utc(at)]);
  const ends = ledger?.holds.map((hold) => hold.until) ?? [];
  const all = until === undefined ? ends : [...ends, until];
  if (all.length > 0) {
    const last = all.includes(null) ? null : Math.max(...all.map((one) => one ?? 0));
    rows.push(['Blocked until', end(last, at)]);
    if (until !== undefined && until !== last) rows.push(['This ban until', end(until, at)]);
  }
  const others = ledger?.holds.filter((hold) => hold.holder !== holder).slice(0, 10) ?? [];
  for (const other of others) {
    rows.push(['Also held by', `${mailText(other.holder, 40)}, ${lasting(other.until)}`]);
  }
  if (ledger !== undefined && ledger.bans > 0) rows.push(['Bans so far', `${ledger.bans}`]);
  if (silence === true) rows.push(['More mail', 'none while this ban lasts']);
  return rows;
}

function holderLabel(holder: string, ledger: NoticeLedgerState | undefined): string {
  if (holder === 'admin' || holder === 'network' || holder === 'recovered') return 'By';
  return ledger?.rung === holder ? 'Rung' : 'Jail';
}

function why(evidence: readonly string[], detail: Detail): readonly Block[] {
  const shown = detail.evidence === 0 ? [] : evidence.slice(-detail.evidence);
  const left = evidence.length - shown.length;
  if (evidence.length === 0) return [];
  return [
    { kind: 'label', text: 'Why' },
    ...(shown.length > 0
      ? [{ kind: 'quote' as const, lines: shown.map((line) => mailText(line, detail.lineLength)) }]
      : []),
    ...(left > 0 ? [{ kind: 'sentence' as const, text: `${left} lines are left out.` }] : []),
  ];
}

function history({ ledger }: Notice, detail: Detail): readonly Block[] {
  const past = ledger?.history ?? [];
  const shown = detail.history === 0 ? [] : past.slice(-detail.history);
  if (shown.length === 0) return [];
  return [
    { kind: 'label', text: 'Earlier bans of this address' },
    {
      kind: 'facts',
      rows: shown.map(({ at, holder, until }) => [
        utcMinute(at),
        `${mailText(holder, 40)}, ${until === null ? '' : 'until '}${utcMinute(until)}`,
      ]),
    },
  ];
}

function undoBlocks(undo: string): readonly Block[] {
  return [
    { kind: 'label', text: 'To take it back' },
    { kind: 'command', text: mailText(undo, 300) },
  ];
}

function lasting(until: number | null): string {
  return until === null ? 'for ever' : `until ${end(until)}`;
}
