/** `node apply-as.ts UID PATH`: drops its rights, bans an address, prints what came of it as JSON. */
import { FakeClock, memoryLogger } from '@remand/testkit';
import { HostsDenyAction } from '../../src/hosts-deny-action.ts';
import { options } from '../../src/options.ts';

const [, , user = '', path = ''] = process.argv;
process.setgroups?.([]);
process.setgid?.(Number(user));
process.setuid?.(Number(user));
const action = new HostsDenyAction({
  list: 'hosts-deny/x',
  options: options.parse({ path }),
  clock: new FakeClock(),
  logger: memoryLogger(),
});
const change = { op: 'add', target: '198.51.100.7', timeoutMs: null } as const;
const applied = await action.apply([change], new AbortController().signal).then(
  () => ({ code: 'done', message: '', hint: '' }),
  ({ code, message, hint }) => ({ code, message, hint }),
);
const { state } = await action.list();
console.log(JSON.stringify({ ...applied, state }));
