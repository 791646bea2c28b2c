/** An address of somebody who has done nothing: no filter may take it for the attacker's. */
export const innocentAddress = '192.0.2.77';

/**
 * Messages as an attacker can make them, by a user name, a URL or a user agent: none of them is
 * abuse by itself. Offered to a filter they must match nothing, throw nothing and take no time.
 * One character stands for one byte (Latin-1), as the kernel offers them.
 */
export const hostileMessages: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\u001b]0;title\u0007\u001b[2J',
  '%s%n%x$(id)`id`; id | id',
  '"}],"ban":[{"address":"192.0.2.77',
  "' OR 1=1 -- 192.0.2.77",
  '<192.0.2.77> [192.0.2.77] (192.0.2.77) "192.0.2.77" =192.0.2.77; from 192.0.2.77 port 22',
  'rhost=192.0.2.77 ruser= user=root client=192.0.2.77 ip=192.0.2.77',
  'Failed password for from 192.0.2.77 port 22 ssh2 from',
  'invalid user from 192.0.2.77 port 1 from  from from',
  '::ffff:192.0.2.77 2001:db8::1%eth0 [2001:db8::1]:22 fe80::1',
  '999.999.999.999 1.2.3 0x7f000001 017700000001 1.2.3.4.5.6',
  '\u00c3\u0028\u00a0\u00a1\u00e2\u0028\u00a1 \u00ff\u00fe',
  '\r\rFrom: a@b\r\n\r\nBcc: c@d',
  `${'a'.repeat(8_000)}!`,
  `${'from '.repeat(3_000)}`,
  `${' '.repeat(16_000)}x`,
  `${'192.0.2.77 '.repeat(1_400)}`,
  `${'(['.repeat(4_000)}`,
  `${'"\\'.repeat(4_000)}`,
];
