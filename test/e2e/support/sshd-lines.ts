/** A failed login as sshd writes it, at a time (default now), in RFC 3164 form. */
export function failedPassword(address: string, at = new Date(), user = 'root'): string {
  const month = at.toLocaleString('en-US', { month: 'short' });
  const day = String(at.getDate()).padStart(2);
  const clock = at.toTimeString().slice(0, 8);
  return `${month} ${day} ${clock} gate sshd[4321]: Failed password for ${user} from ${address} port 40000 ssh2\n`;
}
