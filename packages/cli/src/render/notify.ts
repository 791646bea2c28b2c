import { printable } from '@remand/api';
import type { NotifyReport } from '@remand/daemon';
import type { Paint } from '../output/paint.ts';

/** `remand check --notify`: a line for each notifier, and what to do where it did not work. */
export function renderNotify({ files, notifiers }: NotifyReport, paint: Paint): string {
  if (notifiers.length === 0) {
    const [file = 'the rc file'] = files;
    const what = `no notifier is configured in ${printable(file, 400)}: nobody is told of anything`;
    const how = paint('dim', '→ add one, such as\n      notifiers: [log]');
    return `${paint('yellow', '!')} ${what}\n  ${how}\n`;
  }
  return notifiers
    .map(({ name, ms, failure }) => {
      const after = `${(ms / 1000).toFixed(1)} s`;
      if (!failure) {
        return `${paint('green', 'ok')} ${printable(name)}: a test message was delivered in ${after}\n`;
      }
      const { reason, hint } = failure;
      const line = `${paint('red', 'failed')} ${printable(name)}: ${printable(reason, 500)} (after ${after})\n`;
      return `${line}  ${paint('dim', `→ ${printable(hint, 500)}`)}\n`;
    })
    .join('');
}
