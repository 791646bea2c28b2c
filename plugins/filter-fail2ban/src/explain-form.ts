import type { PatternTrial } from '@remand/api';
import type { Form } from './forms.ts';
import { readForm } from './read-ban.ts';

/** How far one form gets with a message, and whether its jail is one that does not count. */
export function explainForm(
  form: Form,
  message: string,
  program: string | undefined,
  except: ReadonlySet<string>,
): PatternTrial {
  const pattern = form.name;
  let reached = 0;
  let wanted = '';
  const ban = readForm(form, message, program, (at, what) => {
    reached = at;
    wanted = what;
    return undefined;
  });
  if (ban === undefined) return { pattern, matched: false, reached, wanted };
  if (!except.has(ban.jail)) return { pattern, matched: true, reached: message.length };
  const wantedJail = 'a jail that the option except does not name';
  return { pattern, matched: false, reached: ban.jailStart, wanted: wantedJail };
}
