import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modes, offer, samples } from './support.ts';

const attacker = '192.0.2.1';
const attacker6 = '2001:db8::1';
const victim = '6.6.6.6';

/** What sshd can write when somebody at `ip` chose `user`; all of them name the account. */
const lines: Readonly<Record<string, (user: string, ip: string) => string>> = {
  password: (user, ip) => `Failed password for invalid user ${user} from ${ip} port 22 ssh2`,
  known: (user, ip) => `Failed password for ${user} from ${ip} port 22 ssh2`,
  portless: (user, ip) => `Failed password for invalid user ${user} from ${ip}`,
  key: (user, ip) =>
    `Failed publickey for invalid user ${user} from ${ip} port 22 ssh2: RSA SHA256:abc`,
  hostbased: (user, ip) =>
    `Failed hostbased for ${user} from ${ip} port 22 ssh2: RSA SHA256:abc, client user "${user}", client host "${user}"`,
  certificate: (user, ip) =>
    `Failed publickey for invalid user ${user} from ${ip} port 22 ssh2: RSA-CERT SHA256:abc ID ${user} (serial 0) CA RSA SHA256:def`,
  invalid: (user, ip) => `Invalid user ${user} from ${ip} port 22`,
  old: (user, ip) => `Invalid user ${user} from ${ip}`,
  attempts: (user, ip) =>
    `error: maximum authentication attempts exceeded for invalid user ${user} from ${ip} port 22 ssh2 [preauth]`,
  denied: (user, ip) => `User ${user} from ${ip} not allowed because not listed in AllowUsers`,
  pam: (user, ip) => `error: PAM: Authentication failure for illegal user ${user} from ${ip}`,
  macos: (user, ip) =>
    `error: PAM: authentication error for illegal user ${user} from ${ip} via 198.51.100.1`,
  closed: (user, ip) => `Connection closed by invalid user ${user} ${ip} port 22 [preauth]`,
  reset: (user, ip) => `Connection reset by authenticating user ${user} ${ip} port 22 [preauth]`,
  left: (user, ip) => `Disconnected from invalid user ${user} ${ip} port 22 [preauth]`,
  timeout: (user, ip) => `Connection from invalid user ${user} ${ip} port 22 timed out [preauth]`,
  fatal: (user, ip) =>
    `ssh_dispatch_run_fatal: Connection from invalid user ${user} ${ip} port 22: invalid format [preauth]`,
  guesser: (user, ip) =>
    `Disconnecting invalid user ${user} ${ip} port 22: Too many authentication failures [preauth]`,
  changed: (user, ip) =>
    `Disconnecting invalid user ${user} ${ip} port 22: Change of username or service not allowed: (${user},ssh-connection) -> (${user},ssh-connection) [preauth]`,
  prohibited: (user, ip) => `administratively prohibited connection for ${user} from ${ip} port 22`,
};

/** Text that a client sends and that is written without a cut at its colon. */
const quoted: Readonly<Record<string, (text: string, ip: string) => string>> = {
  identification: (text, ip) => `Bad protocol version identification '${text}' from ${ip} port 22`,
  version: (text, ip) => `Protocol major versions differ for ${ip} port 22: SSH-2.0-x vs. ${text}`,
  goodbye: (text, ip) => `Received disconnect from ${ip} port 22:14: ${text} [preauth]`,
  oldGoodbye: (text, ip) => `Received disconnect from ${ip}: 3: ${text}Auth fail`,
  offer: (text, ip) =>
    `Unable to negotiate with ${ip} port 22: no matching cipher found. Their offer: ${text} [preauth]`,
  certificateId: (text, ip) =>
    `Failed publickey for invalid user x from ${ip} port 22 ssh2: RSA-CERT ID ${text} (serial 0) CA RSA SHA256:def`,
  clientHost: (text, ip) =>
    `Failed hostbased for x from ${ip} port 22 ssh2: RSA SHA256:abc, client user "${text}", client host "${text}"`,
  changedTo: (text, ip) =>
    `Disconnecting invalid user x ${ip} port 22: Change of username or service not allowed: (x,${text}) -> (${text}`,
  // No privilege separation, until 7.5.
  method: (text, ip) => `Failed ${text} for invalid user x from ${ip} port 22 ssh2`,
};

const pieces = [
  ...[' from ', ' port 22', ' ssh2', ' ssh1', ' [preauth]', ' for ', ' via ', 'invalid user '],
  ...[victim, '2001:db8:6::6', `[${victim}]`, `(${victim})`, ' not allowed because ', ' timed out'],
  ...['not listed in AllowUsers', 'Too many authentication failures', 'authenticating user '],
  ...['"', "'", '\\', '\\033[2J', '\r', '\0', '\x1b]0;', ']', '(', ')', '%', '*', '\xff', ' ', ''],
];
const openPieces = [...pieces, ': ', ':', 'password', 'publickey', `${victim} port 22 ssh2: `];
const arbText = (from: readonly string[]) =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...from) }, fc.string()), {
      maxLength: 12,
    })
    .map((parts) => parts.join(''));
/** sshd cuts a name at its first colon. */
const arbUser = arbText(pieces).map((text) => text.split(':')[0] ?? '');
const arbIp = fc.constantFrom(attacker, attacker6, '::1', '2001:db8::', '::ffff:192.0.2.1');

describe('sshd and hostile text', () => {
  it.each(Object.keys(lines))('blames the sender whatever the user name is: %s', (name) => {
    const write = lines[name];
    const sure = name !== 'certificate' && name !== 'hostbased';

    fc.assert(
      fc.property(arbUser, arbIp, (user, ip) => {
        const found = write && offer('aggressive', write(user, ip));
        if (sure || found) expect(found?.address).toBe(ip);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(Object.keys(quoted))('never blames whom a client names: %s', (name) => {
    const write = quoted[name];

    fc.assert(
      fc.property(arbText(openPieces), arbIp, (text, ip) => {
        for (const mode of modes) {
          const found = write && offer(mode, write(text, ip));
          if (found) expect(found.address).toBe(ip);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['x from 6.6.6.6 port 22 ssh2', attacker],
    ['from 6.6.6.6', attacker],
    ['x from 6.6.6.6 port 22 ssh2 [preauth]', attacker6],
    ['6.6.6.6 port', attacker6],
    ['x 6.6.6.6 port 22', attacker],
    ['invalid user x from 6.6.6.6', attacker],
    ['x" from 6.6.6.6 port 22 ssh2', attacker],
    ['\x1b[31m from 6.6.6.6\r', attacker],
  ])('reads the name %j as a name', (user, ip) => {
    for (const [name, write] of Object.entries(lines)) {
      expect(offer('aggressive', write(user, ip))?.address, name).toBe(ip);
    }
  });

  it('does not believe a method that imitates a whole line', () => {
    const method = `password for root from ${victim} port 22 ssh2: x`;

    expect(
      offer('normal', `Failed ${method} for invalid user x from ${attacker} port 22 ssh2`),
    ).toBeUndefined();
  });

  it('never throws, and gives nothing that is no address', () => {
    const arbLine = fc
      .tuple(
        fc.constantFrom(...samples.map(({ message }) => message)),
        arbText(openPieces),
        fc.nat(),
      )
      .map(([line, text, at]) => {
        const cut = at % (line.length + 1);
        return line.slice(0, cut) + text + line.slice(cut + (at % 7));
      });

    fc.assert(
      fc.property(arbLine, (line) => {
        const found = offer('aggressive', line);
        if (found) expect(found.address).toMatch(/^[\d.]{7,15}$|^[\da-f.:]{2,45}$/i);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([10_000, 100_000])('reads text of %i bytes like any other', (size) => {
    for (const piece of pieces.filter((text) => text !== '' && !text.includes(':'))) {
      const text = piece.repeat(Math.ceil(size / piece.length));
      for (const [name, write] of Object.entries({ ...lines, ...quoted })) {
        const found = offer('aggressive', write(text, attacker));
        if (found || name in lines) expect(found?.address, `${name}: ${piece}`).toBe(attacker);
      }
    }
  });

  it.each([10_000, 100_000])('finds nobody in %i bytes without an end', (size) => {
    for (const { message } of samples) {
      const endless = message.slice(0, 12) + ' from 6.6.6.6 port 22 '.repeat(size / 22);
      expect(offer('aggressive', endless)).toBeUndefined();
    }
  });
});
