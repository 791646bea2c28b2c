import { type Filter, type LineInfo, type PatternTrial, printable, reasonOf } from '@remand/api';
import { decoded } from './line-text.ts';

/** Most patterns of one filter that are told of. */
const most = 1_000;

/** What a filter says of its patterns; null when it says nothing. Its words may be anything. */
export function patternTrials(
  filter: Filter,
  message: string,
  line: LineInfo,
): readonly PatternTrial[] | null {
  if (!filter.explain) return null;
  try {
    return [...filter.explain(message, line)]
      .slice(0, most)
      .map((trial) => trialOf(trial, message));
  } catch (error) {
    const wanted = `an explanation, but the filter threw: ${printable(reasonOf(error))}`;
    return [{ pattern: 'explain', matched: false, reached: 0, wanted }];
  }
}

function trialOf({ pattern, matched, reached, wanted }: PatternTrial, message: string) {
  const at = Math.min(Math.max(Math.trunc(Number(reached)) || 0, 0), message.length);
  return {
    pattern: String(pattern).slice(0, 100),
    matched: Boolean(matched),
    // Offsets in bytes would point elsewhere in the message that people see.
    reached: decoded(message.slice(0, at)).length,
    ...(wanted !== undefined && { wanted: String(wanted).slice(0, 300) }),
  };
}
