import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/sendmail-reject/index.ts';
import { patterns } from '../../src/sendmail-reject/patterns.ts';

const head = 'Nov 25 10:00:00 mx sm-mta[812]: ';
const unknown = `${head}w1A2B3C4012345: <nobody@example.com>... User unknown`;
const mail = 'from=<a@example.net>, size=0, class=0, nrcpts=0, proto=SMTP, daemon=MTA-v4';

describeFilter({
  plugin,
  table: patterns,
  folder: import.meta.dirname,
  options: { mode: 'aggressive' },
  conversations: [
    [[unknown, `${head}w1A2B3C4012345: ${mail}, relay=[192.0.2.7]`], '192.0.2.7'],
    [[unknown, `${head}w1A2B3C4012346: ${mail}, relay=[192.0.2.8]`]],
  ],
});
