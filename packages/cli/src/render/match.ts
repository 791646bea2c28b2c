import { printable } from '@remand/api';
import type { FilterDetails, LineVerdict } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';
import { pairs } from '../output/table.ts';
import { headerPairs } from './header.ts';
import { MatchSummary } from './match-summary.ts';
import { renderPatterns } from './patterns.ts';

/** So many lines are told of in full; of a longer input only the matches are shown. */
const fully = 10;

interface Told {
  readonly n: number;
  readonly line: Uint8Array;
  readonly verdict: LineVerdict;
  readonly details: FilterDetails;
}

/** `remand match` for people. */
export class MatchReport {
  readonly #trial: { readonly filter: string; details(): FilterDetails };
  readonly #paint: Paint;
  readonly #summary: MatchSummary;
  #first: Told[] = [];
  #fully = fully;
  #isText = true;

  constructor(trial: { readonly filter: string; details(): FilterDetails }, paint: Paint) {
    this.#trial = trial;
    this.#paint = paint;
    this.#summary = new MatchSummary(trial.filter, paint);
  }

  /** Takes the verdict on the next line. @returns what can be shown already */
  line(n: number, line: Uint8Array, verdict: LineVerdict): string {
    this.#summary.add(n, verdict, () => this.#trial.details());
    if (n <= this.#fully) {
      this.#first.push({ n, line, verdict, details: this.#trial.details() });
      return '';
    }
    const before = this.#first.map((told) => this.#row(told.n, told.verdict)).join('');
    this.#first = [];
    return before + this.#row(n, verdict);
  }

  /** Tells of no line in full from now on: what comes is no text. */
  keepShort(): void {
    this.#fully = 0;
    this.#isText = false;
  }

  end(): string {
    const told = this.#first.map((one) => `${this.#inFull(one)}\n`).join('');
    return told + this.#summary.render({ hints: told === '' && this.#isText });
  }

  #row(n: number, { match, address, user, time }: LineVerdict): string {
    if (!match) return '';
    const cells = [
      this.#paint('dim', String(n).padStart(8)),
      (time ?? '-').padEnd(24),
      printable(address ?? '').padEnd(15),
      printable(user ?? '', 60),
    ];
    return `${cells.join('  ').trimEnd()}\n`;
  }

  #inFull({ n, line, verdict, details }: Told): string {
    const { notOffered, patterns, header, match } = details;
    const text = Buffer.from(line).toString('utf8');
    const shown = `${this.#paint('bold', `line ${n}`)}  ${printable(text, 300)}\n`;
    const refused = notOffered && { text: notOffered.text, style: 'yellow' as const };
    const result = pairs(
      [
        ...headerPairs(header),
        ...(refused ? [['not offered', refused] as const] : []),
        ['match', answer(verdict, match)],
        ...(verdict.user === null ? [] : [['user', verdict.user] as const]),
      ],
      this.#paint,
    );
    return shown + result + this.#patterns(patterns, notOffered, header.message);
  }

  #patterns(
    patterns: FilterDetails['patterns'],
    notOffered: FilterDetails['notOffered'],
    message: string,
  ): string {
    if (patterns) return renderPatterns(patterns, message, this.#paint);
    return notOffered ? '' : this.#paint('dim', '  the filter does not explain itself\n');
  }
}

function answer({ match, address, failure }: LineVerdict, found: FilterDetails['match']) {
  if (match) return { text: address ?? '', style: 'green' as const };
  if (failure !== null) return { text: `the filter threw: ${failure}`, style: 'red' as const };
  if (found === null) return 'no';
  const text = `no: ${printable(found.address, 100)} is no address, and names are never resolved`;
  return { text, style: 'yellow' as const };
}
