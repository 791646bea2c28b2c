import { definePlugin } from '@remand/api';
import { forMode, type Modes, PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

const modes = {
  normal: ['normal'],
  aggressive: ['normal', 'aggressive'],
} as const satisfies Modes;

/** The filter `mysqld-auth`: refused logins of MySQL and MariaDB. */
export default definePlugin({
  kind: 'filter',
  name: 'mysqld-auth',
  apiVersion: 1,
  summary: 'Recognises refused logins of MySQL and MariaDB.',
  options: z.strictObject({
    mode: z
      .enum(['normal', 'aggressive'])
      .default('normal')
      .describe('normal: refused logins. aggressive: also connections that end without one.'),
  }),
  inject: [],
  suggested: 'bans who guesses passwords of MySQL or MariaDB',
  usualSources: () => usualSources,
  create: ({ options: { mode } }) =>
    new PatternSet(patterns, forMode(modes, mode)).asFilter({
      isProven: true,
      programs: [null, 'mysqld*', 'mariadbd*', 'Note', 'Warning'],
    }),
});

const usualSources = [
  { name: 'journal', options: { units: ['mariadb.service', 'mysql.service', 'mysqld.service'] } },
  { name: 'file', options: { paths: ['/var/log/mysql/error.log'] } },
  { name: 'file', options: { paths: ['/var/log/mariadb/mariadb.log'] } },
  { name: 'file', options: { paths: ['/var/log/mysqld.log'] } },
] as const;
