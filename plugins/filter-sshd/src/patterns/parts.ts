/** What the messages of sshd share. */
export const parts: Readonly<Record<string, string>> = {
  /** sshd cuts a name at its first colon (auth2.c, `user:style`), so no name holds one. */
  'user-name': '{user:text without ":"}',
  unknown: '[(invalid|illegal) user ]',
  'ip-port': '{address:scoped-address}[ port {port}]',
  /**
   * What auth_log() writes behind the address. Without privilege separation (an option until 7.5)
   * METHOD was the client's text and could hold all that stands before INFO; the true end of such a
   * line, ` for USER from ADDRESS…`, then stands in what looks like INFO.
   */
  'result-end': '[ port {port}[ ssh2| ssh1]{maybe-preauth}[: {info:text without " for "}]]',
  /**
   * A peer as sshpkt_fmt_connection_id() in packet.c names it. (Of somebody logged in it says
   * `user USER `, which is no peer here.)
   */
  peer: '({ip-port}|(invalid|authenticating) user {user:text} {address:scoped-address} port {port})',
  /** The same where text of the client's stands behind the colon that follows. */
  'peer-in-front':
    '({ip-port}|(invalid|authenticating) user {user-name} {address:scoped-address} port {port})',
  /** What the monitor puts behind the messages of the process that talks to an unknown client. */
  'maybe-preauth': '[ \\[preauth\\]]',
};
