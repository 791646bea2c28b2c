/**
 * What pam_unix(8) and modules after its model write of a refused login, as a piece of a template:
 * `_log_err()` in pam_unix_auth.c, `authentication failure; logname=… ruser=… rhost=…  user=…`. The
 * names are the client's text. `ruser` stands before the address and may look like the rest of the
 * message, so nothing behind the address may: a second `rhost=` there is no match.
 */
export const pamFailure =
  'authentication failure; logname=[{logname:word without "="}] uid={uid:number} euid={euid:number} tty=[{tty:word without "="}] ruser={ruser:text} rhost={address}[{space}user={user:text without "rhost="}]';
