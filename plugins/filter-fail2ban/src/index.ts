import { definePlugin, type PatternTrial } from '@remand/api';
import { z } from 'zod';
import { explainForm } from './explain-form.ts';
import { forms, prefixes } from './forms.ts';
import { readBan } from './read-ban.ts';

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

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
  create: ({ options }) => {
    const except = new Set(options.except.map(bytes));
    return {
      // No `programs`: fail2ban's own file names none.
      prefixes,
      match: (message, { program }) => {
        const ban = readBan(message, program);
        return ban === undefined || except.has(ban.jail) ? undefined : { address: ban.address };
      },
      explain: (message, { program }) => {
        const trials: PatternTrial[] = [];
        for (const form of forms) {
          const trial = explainForm(form, message, program, except);
          trials.push(trial);
          if (trial.matched) break;
        }
        return trials;
      },
    };
  },
});
