/** What the messages of sendmail share: srvrsmtp.c, daemon.c. */
export const sendmailParts: Readonly<Record<string, string>> = {
  /** Its number in the queue. */
  id: '[{id:host}: ]',
  /** CurSmtpClient: a name of the DNS, if there is one, and the address. */
  peer: '[{name:host} ]\\[[IPv6:]{address}\\][ \\(may be forged\\)]',
};

/** Debian's daemon is called `sm-mta`. */
export const sendmailPrograms: readonly string[] = ['sm-mta', 'sendmail', 'sm-msp-queue'];

export const sendmailSources = [
  { name: 'journal', options: { identifiers: [...sendmailPrograms] } },
  { name: 'file', options: { paths: ['/var/log/mail.log'] } },
  { name: 'file', options: { paths: ['/var/log/maillog'] } },
] as const;
