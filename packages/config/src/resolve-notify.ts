import { type NotifyConfig, notifyDefaults } from '@remand/api';
import { digestWords, minuteOfDay, notifySchema } from './notify-schema.ts';
import { valid } from './valid.ts';
import { isWritten } from './written.ts';

/** The policy of notices, key by key: one that is wrong does not take the others with it. */
export function resolveNotify(written: unknown): NotifyConfig {
  if (!isWritten(written)) return notifyDefaults;
  const { shape } = notifySchema;
  const every = valid(shape.digest, written.digest);
  const at = valid(shape.digestAt, written.digestAt);
  const { digest: preset } = notifyDefaults;
  const word = every === undefined ? (preset?.every ?? null) : digestWords[every];
  return {
    gatherMs: valid(shape.gather, written.gather) ?? notifyDefaults.gatherMs,
    burst: valid(shape.burst, written.burst) ?? notifyDefaults.burst,
    refillMs: valid(shape.refill, written.refill) ?? notifyDefaults.refillMs,
    most: valid(shape.most, written.most) ?? notifyDefaults.most,
    digest: word && {
      every: word,
      atMinute: at === undefined ? (preset?.atMinute ?? 0) : minuteOfDay(at),
    },
    quietWhenEscalated:
      valid(shape.quietWhenEscalated, written.quietWhenEscalated) ??
      notifyDefaults.quietWhenEscalated,
    restored: valid(shape.restored, written.restored) ?? notifyDefaults.restored,
    startAndStop: valid(shape.startAndStop, written.startAndStop) ?? notifyDefaults.startAndStop,
    leaveOut: valid(shape.leaveOut, written.leaveOut) ?? notifyDefaults.leaveOut,
  };
}
