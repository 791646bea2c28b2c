import { type ControlApi, type ControlVerb, type Empty, parseDuration } from '@remand/api';
import { z } from 'zod';
import type { StopArgs } from './protocol.ts';

/** What is served over the socket: the kernel's verbs and the daemon's own. */
export interface ServedVerbs extends ControlApi {
  reload(args: Empty): Promise<unknown>;
  stop(args: StopArgs): Promise<unknown>;
}

export type ServedVerb = ControlVerb | 'reload' | 'stop';

const longestMs = parseDuration('5200w') ?? 0;
const address = z.string().min(1).max(100);
const holder = z.string().min(1).max(40);
const reason = z.string().max(500);
const durationMs = z.int().min(1).max(longestMs).nullable();
const nothing = z.strictObject({});

/** The arguments of each verb, checked strictly before they reach the kernel. */
export const verbArgs: {
  readonly [Verb in ServedVerb]: z.ZodType<Parameters<ServedVerbs[Verb]>[0]>;
} = {
  status: nothing,
  bans: z.strictObject({ since: z.int().min(0).exactOptional() }),
  why: z.strictObject({ address }),
  ban: z.strictObject({
    address,
    jail: holder.exactOptional(),
    forMs: durationMs.exactOptional(),
    reason: reason.exactOptional(),
  }),
  unban: z.strictObject({
    address,
    holder: holder.exactOptional(),
    all: z.boolean().exactOptional(),
    mistake: z.boolean().exactOptional(),
    reason: reason.exactOptional(),
  }),
  allow: z.strictObject({ address, forMs: durationMs }),
  flush: z.strictObject({ list: z.string().min(1).max(200).exactOptional() }),
  plugins: nothing,
  resetFuse: nothing,
  reload: nothing,
  stop: z.strictObject({ flush: z.boolean().exactOptional() }),
};
