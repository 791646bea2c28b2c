import { definePlugin, type PatternTrial } from '@remand/api';
import { z } from 'zod';
import { Matcher } from './matcher.ts';
import type { Tier } from './shapes/shape.ts';
import { shapes } from './shapes.ts';

const tiersOf = {
  normal: ['normal'],
  ddos: ['normal', 'ddos'],
  extra: ['normal', 'extra'],
  aggressive: ['normal', 'ddos', 'extra'],
} as const satisfies Record<string, readonly Tier[]>;

/** The filter `sshd`: abuse of OpenSSH, by the messages of its server. */
export default definePlugin({
  kind: 'filter',
  name: 'sshd',
  apiVersion: 1,
  summary: 'Recognises refused logins and, by mode, scans and broken connections of OpenSSH.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'ddos', 'extra', 'aggressive'])
      .default('normal')
      .describe(
        'normal: refused logins. ddos: also connections without a login. ' +
          'extra: also clients with whom nothing can be negotiated. aggressive: all of it.',
      ),
  }),
  inject: [],
  create: ({ options }) => {
    const tiers: readonly Tier[] = tiersOf[options.mode];
    const matcher = new Matcher(shapes.filter((shape) => tiers.includes(shape.tier)));
    const others = new Matcher(shapes.filter((shape) => !tiers.includes(shape.tier)));
    return {
      programs: ['sshd', 'sshd-session', 'sshd-auth'],
      prefixes: matcher.prefixes,
      match: (message) => matcher.match(message),
      explain: (message) => {
        const trials = matcher.explain(message);
        if (matcher.match(message)) return trials;
        // What another mode would have seen is what somebody who asks most likely looks for.
        return [...trials, ...others.explain(message).filter(isMatch).map(ofAnotherMode)];
      },
    };
  },
});

const isMatch = ({ matched }: PatternTrial): boolean => matched;

function ofAnotherMode(trial: PatternTrial): PatternTrial {
  const tier = shapes.find(({ name }) => name === trial.pattern)?.tier ?? 'aggressive';
  return { ...trial, matched: false, wanted: `the option mode: ${tier}, or aggressive` };
}
