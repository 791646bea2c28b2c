import type { Notice } from '@remand/api';
import { printable } from '@remand/api';
import { z } from 'zod';

const time = z.iso.datetime().describe('UTC');
const endTime = time.nullable().describe('UTC; null: for ever');

const digest = z
  .object({
    of: z.string().describe('overflow (what was too much to be sent one by one), day or week'),
    since: time,
    until: time,
    counts: z.array(
      z.object({ kind: z.string(), holder: z.string().optional(), count: z.int().min(0) }),
    ),
    suppressed: z.array(z.object({ reason: z.string(), count: z.int().min(0) })),
    addresses: z.array(z.object({ address: z.string(), count: z.int().min(0) })),
    networks: z.array(z.object({ network: z.string(), count: z.int().min(0) })),
  })
  .describe('what happened between two times, in numbers');

const notice = z.object({
  id: z.string().describe('unique; the same when it is delivered again'),
  kind: z
    .string()
    .describe('ban, escalation, unban, not-enforced, recovered, drift, still-seen, fuse, …'),
  at: time,
  summary: z.string().describe('one sentence'),
  holder: z.string().optional().describe('a jail, a rung or admin'),
  address: z.string().optional().describe('an address or a range'),
  until: endTime.optional(),
  evidence: z.array(z.string()).optional().describe('log lines, oldest first: text of attackers'),
  ledger: z
    .object({
      holds: z.array(z.object({ holder: z.string(), until: endTime })).describe('live now'),
      rung: z.string().nullable(),
      bans: z.int().min(0).describe('of this address, this one included'),
      history: z
        .array(z.object({ at: time, holder: z.string(), until: endTime }))
        .optional()
        .describe('bans before this one, oldest first'),
    })
    .optional()
    .describe('what was known of the address when it was decided'),
  undo: z.string().optional().describe('the command that takes it back'),
  silence: z.boolean().optional().describe('true: nothing more comes while this ban lasts'),
  digest: digest.optional(),
});

/** What is posted. Keys may be added within a version; none is taken away or changes its meaning. */
export const payload = z.object({
  version: z.literal(1),
  host: z.string().describe('the machine that it happened on'),
  notices: z.array(notice).min(1).max(100).describe('oldest first'),
});

export type Payload = z.infer<typeof payload>;

export function payloadOf(notices: readonly Notice[], host: string): Payload {
  return { version: 1, host, notices: notices.map(noticeBody) };
}

const mostLines = 20;
const mostLength = 1_000;

export function noticeBody(given: Notice): z.infer<typeof notice> {
  const { id, kind, at, summary, holder, address, until, evidence, ledger, undo, silence } = given;
  return {
    id,
    kind,
    at: iso(at),
    summary: text(summary),
    ...(holder !== undefined && { holder: text(holder) }),
    ...(address !== undefined && address !== '' && { address: text(address) }),
    ...(until !== undefined && { until: isoEnd(until) }),
    ...(evidence !== undefined && { evidence: evidence.slice(-mostLines).map(text) }),
    ...(ledger !== undefined && { ledger: ledgerBody(ledger) }),
    ...(undo !== undefined && { undo: text(undo) }),
    ...(silence !== undefined && { silence }),
    ...(given.digest !== undefined && { digest: digestBody(given.digest) }),
  };
}

function ledgerBody({ holds, rung, bans, history }: NonNullable<Notice['ledger']>) {
  return {
    holds: holds.map((hold) => ({ holder: text(hold.holder), until: isoEnd(hold.until) })),
    rung: rung === null ? null : text(rung),
    bans,
    ...(history !== undefined && {
      history: history.map((past) => ({
        at: iso(past.at),
        holder: text(past.holder),
        until: isoEnd(past.until),
      })),
    }),
  };
}

function digestBody({ of, since, until, ...tables }: NonNullable<Notice['digest']>) {
  return {
    of,
    since: iso(since),
    until: iso(until),
    counts: tables.counts.map(({ kind, holder, count }) => ({
      kind,
      ...(holder !== undefined && { holder: text(holder) }),
      count,
    })),
    suppressed: tables.suppressed.map(({ reason, count }) => ({ reason: text(reason), count })),
    addresses: tables.addresses.map(({ address, count }) => ({ address: text(address), count })),
    networks: tables.networks.map(({ network, count }) => ({ network: text(network), count })),
  };
}

function text(given: string): string {
  return printable(given, mostLength);
}

/** A clock that is badly wrong passes what a Date can hold. */
export function iso(ms: number): string {
  return new Date(Math.min(8.64e15, Math.max(-8.64e15, ms))).toISOString();
}

function isoEnd(ms: number | null): string | null {
  return ms === null || ms > 8.64e15 ? null : iso(ms);
}
