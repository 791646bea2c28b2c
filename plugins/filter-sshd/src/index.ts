import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';
import { innerOf, wrappers } from './unwrap.ts';

const modesIn: Readonly<Record<string, readonly string[]>> = {
  normal: ['normal'],
  ddos: ['normal', 'ddos'],
  extra: ['normal', 'extra'],
  aggressive: ['normal', 'ddos', 'extra'],
};

const programs = ['sshd', 'sshd-session', 'sshd-auth'];

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
  suggested: 'bans who guesses passwords of OpenSSH',
  usualSources: () => usualSources,
  create: ({ options }) => {
    const modes = modesIn[options.mode];
    const set = new PatternSet(patterns, {
      isOn: ({ mode = 'normal' }) => modes?.includes(mode) === true,
      wantedFor: ({ mode }) => `the option mode: ${mode}, or aggressive`,
    });
    return {
      programs,
      prefixes: [...(set.prefixes ?? ['']), ...wrappers],
      match: (message) => {
        const found = set.match(message);
        if (found !== undefined) return found;
        const inner = innerOf(message);
        return inner && set.match(inner.text, undefined, inner.start);
      },
      converse: (message, line) => {
        const inner = innerOf(message);
        return inner ? set.converse(inner.text, line, inner.start) : set.converse(message, line);
      },
      explain: (message) => {
        const inner = set.match(message) ? undefined : innerOf(message);
        if (!inner) return set.explain(message);
        const { text, start, before } = inner;
        return set.explain(text, undefined, start).map((trial) => ({
          ...trial,
          reached: trial.matched ? message.length : trial.reached + before,
        }));
      },
    };
  },
});

/** Syslog's files on Debian and on Red Hat; what other users write under its name is no entry of sshd's. */
const usualSources = [
  { name: 'journal', options: { identifiers: programs, matches: ['_UID=0'] } },
  { name: 'file', options: { paths: ['/var/log/auth.log'] } },
  { name: 'file', options: { paths: ['/var/log/secure'] } },
] as const;
