import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface LogGiven {
  readonly path: string;
  readonly lines: number;
  readonly seed: number;
  /** The time of the first line; the log ends `lines / perSecond` seconds later. */
  readonly startMs: number;
  readonly perSecond: number;
  /** How many of 100 lines are failed logins. */
  readonly attackPercent: number;
  /** How many addresses attack; each line picks one. */
  readonly attackers: number;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Writes an auth.log in which attacks are mixed with what sshd, cron, sudo and others say. */
export async function generateLog(given: LogGiven): Promise<{ readonly bytes: number }> {
  const random = randomFrom(given.seed);
  const out = createWriteStream(given.path);
  let bytes = 0;
  let block: string[] = [];
  for (let n = 0; n < given.lines; n++) {
    const stamp = bsdTime(given.startMs + Math.floor(n / given.perSecond) * 1000);
    block.push(`${stamp} web1 ${lineOf(random, given)}\n`);
    if (block.length === 20_000 || n === given.lines - 1) {
      const text = block.join('');
      bytes += text.length;
      if (!out.write(text)) await once(out, 'drain');
      block = [];
    }
  }
  out.end();
  await once(out, 'close');
  return { bytes };
}

/** 198.18.0.0/15 is set aside for benchmarks (RFC 2544). */
export function attackerAddress(n: number): string {
  return `198.${18 + ((n >> 16) & 1)}.${(n >> 8) & 255}.${n & 255}`;
}

/** RFC 3164, in local time. */
export function bsdTime(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = String(at.getDate()).padStart(2);
  return `${months[at.getMonth()]} ${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function lineOf(random: (most: number) => number, given: LogGiven): string {
  const pid = 300 + random(30_000);
  if (random(100) < given.attackPercent) {
    const from = `from ${attackerAddress(random(given.attackers))} port ${1024 + random(60_000)}`;
    if (random(4) === 0) return `sshd[${pid}]: Invalid user ${word(random)} ${from}`;
    const user = random(2) === 0 ? 'root' : `invalid user ${word(random)}`;
    return `sshd[${pid}]: Failed password for ${user} ${from} ssh2`;
  }
  switch (random(8)) {
    case 0:
      return `sshd[${pid}]: Accepted publickey for deploy from 192.0.2.9 port ${1024 + random(60_000)} ssh2: ED25519 SHA256:3ZtqyLMyjdiYz`;
    case 1:
      return `sshd[${pid}]: pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)`;
    case 2:
      return `CRON[${pid}]: pam_unix(cron:session): session closed for user root`;
    case 3:
      return `CRON[${pid}]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)`;
    case 4:
      return `sudo:   deploy : TTY=pts/0 ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/systemctl restart app`;
    case 5:
      return `postfix/smtpd[${pid}]: connect from mail${random(50)}.example.net[203.0.113.${random(255)}]`;
    case 6:
      return `kernel: [${random(99_999)}.${random(999_999)}] eth0: renamed from veth${random(9999)}`;
    default:
      return `systemd-logind[612]: New session ${random(99_999)} of user deploy.`;
  }
}

function word(random: (most: number) => number): string {
  return ['admin', 'test', 'oracle', 'ubuntu', 'git', 'pi', 'postgres', 'ftp'][random(8)] ?? 'x';
}

/** A small generator with a seed, so that two runs have the same log. */
export function randomFrom(seed: number): (most: number) => number {
  let state = seed >>> 0 || 1;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}
