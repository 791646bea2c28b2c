import { definePlugin } from '@remand/api';
import { PatternSet } from '@remand/patterns';
import { z } from 'zod';
import { patterns } from './patterns.ts';

/** The filter `fail2ban`: the addresses that fail2ban bans, by its own log. */
export default definePlugin({
  kind: 'filter',
  name: 'fail2ban',
  apiVersion: 1,
  summary: 'Counts every ban of fail2ban as an offence, by the log of fail2ban.',
  options: z.strictObject({
    except: z
      .array(z.string().min(1).max(200))
      .default(['fail2ban', 'recidive', 'remand'])
      .describe('jails of fail2ban whose bans do not count; a list replaces the default'),
  }),
  inject: [],
  usualSources: () => [{ name: 'file', options: { paths: ['/var/log/fail2ban.log'] } }],
  // No `programs`: fail2ban's own file names none.
  create: ({ options }) =>
    new PatternSet(patterns, { except: { jail: options.except } }).asFilter({ isProven: true }),
});
