/** A form of fail2ban's log: what stands before `[JAIL] Ban ADDRESS`. */
export interface Form {
  readonly name: string;
  /** The programs that the header may name; `undefined` stands for a header without one. */
  readonly programs: readonly (string | undefined)[];
  /** From the start of the message to the jail's bracket, each part in its turn. */
  readonly parts: readonly { readonly regex: RegExp; readonly is: string }[];
}

// Padded unless told otherwise; the oldest have no pid.
const logger = {
  regex: /fail2ban\.actions {0,24}(?:\[[0-9]{1,10}\])?: /y,
  is: '"fail2ban.actions: "',
};
// WARNING until 0.8, NOTICE since 0.9.
const level = { regex: /(?:NOTICE|WARNING) {1,8}/y, is: 'NOTICE, or WARNING of 0.8' };

export const forms: readonly Form[] = [
  {
    // logtarget = FILE; behind a tag when the standard output goes to the journal or to syslog.
    name: 'file',
    programs: [undefined, 'fail2ban-server', 'fail2ban'],
    parts: [logger, level],
  },
  // logtarget = SYSLOG
  { name: 'syslog', programs: ['fail2ban.actions'], parts: [level] },
  // logtarget = SYSTEMD-JOURNAL
  { name: 'journal', programs: ['fail2ban', 'fail2ban-server'], parts: [] },
];

export const prefixes: readonly string[] = ['fail2ban.actions', 'NOTICE ', 'WARNING ', '['];
