import type { PatternTable } from '@remand/patterns';

/**
 * The forms of fail2ban's log. The first bracket ends the jail: its name is the administrator's and
 * holds none, while what a jail bans need not be an address but may be a text of the attacker's. A
 * ban that is restored after a restart has another word before `Ban`.
 */
export const patterns: PatternTable = {
  parts: {
    // WARNING until 0.8, NOTICE since 0.9.
    level: '(NOTICE|WARNING){space}',
    ban: '\\[{jail:text without "]"}\\] Ban {address}',
  },
  patterns: [
    {
      // Padded unless told otherwise; the oldest have no pid. Behind a tag when the standard output
      // goes to the journal or to syslog.
      id: 'file',
      versions: '0.8-, logtarget = FILE or STDOUT',
      programs: [null, 'fail2ban-server', 'fail2ban'],
      template: 'fail2ban.actions[{space}][\\[{pid:number}\\]]: {level}{ban}',
    },
    {
      id: 'syslog',
      versions: '0.8-, logtarget = SYSLOG',
      programs: ['fail2ban.actions'],
      template: '{level}{ban}',
    },
    {
      id: 'journal',
      versions: '1.0-, logtarget = SYSTEMD-JOURNAL',
      programs: ['fail2ban', 'fail2ban-server'],
      template: '{ban}',
    },
  ],
};
