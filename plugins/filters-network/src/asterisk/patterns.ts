import type { PatternEntry, PatternTable } from '@remand/patterns';

const parts: Readonly<Record<string, string>> = {
  /** Level, thread, call, file and function, as logger.c writes them in a file and in syslog. */
  head: '{level:host}\\[{thread:number}\\][\\[C-{call:host}\\]][:] {file:word without ":"}[:{line:number}][ {function:host}]: ',
  /** What the reasons of chan_sip.c and of res_pjsip are. */
  'sip-reason':
    '(Wrong password|No matching peer found|Username/auth name mismatch|Device does not match ACL|Peer is not supposed to register|ACL error \\(permit/deny\\)|Not a local domain|Device not configured to use this transport type|No registration for peer)',
  'pjsip-reason':
    '(No matching endpoint found[ after {number} tries in {seconds:word} ms]|Failed to authenticate|Error to authenticate|Not match Endpoint ACL|Not match Endpoint Contact ACL)',
  /** Since 1.8 with a port, and a v6 address in brackets. */
  peer: '({address:address4}[:{port}]|\\[{address}\\][:{port}])',
};

const entries: readonly PatternEntry[] = [
  {
    // The From header is the caller's text; the line is read from its end.
    id: 'registration-failed',
    versions: '1.0-20, chan_sip',
    template: "{head}Registration from '{from:text}' failed for '{peer}' - {sip-reason}",
  },
  {
    id: 'request-failed',
    versions: '13-, pjsip',
    template:
      "{head}Request '{method:host}' from '{from:text}' failed for '{peer}' \\(callid: {callid:word}\\) - {pjsip-reason}",
  },
  {
    id: 'no-such-extension',
    versions: '1.8-20, chan_sip',
    template:
      "{head}Call from '{peername:text without \"'\"}' \\({peer}\\) to extension '{extension:text without \"'\"}' rejected because extension not found in context '{context:text without \"'\"}'[.]",
  },
  {
    id: 'peer-not-registered',
    versions: '1.0-, chan_iax2',
    template: "{head}No registration for peer '{user:text}' \\(from {address}\\)",
  },
  {
    id: 'peer-refused',
    versions: '1.0-, chan_iax2',
    template:
      "{head}Host {address} (failed MD5 authentication for|denied access to register peer) '{user:text}'{rest}",
  },
  {
    id: 'manager-login-failed',
    versions: '1.2-, manager.c',
    template:
      "{head}[Host ]{address} (failed to authenticate as|tried to authenticate with nonexistent user) '{user:text}'",
  },
  {
    // Who is called what is the caller's text: a line with two addresses is no match.
    id: 'security-event',
    versions: '1.8-, security in logger.conf',
    template:
      '{head}SecurityEvent="(InvalidPassword|InvalidAccountID|ChallengeResponseFailed|FailedACL|UnexpectedAddress|InvalidTransport|AuthMethodNotAllowed)"{before:text without "RemoteAddress="}RemoteAddress="(IPV4|IPV6)/{transport:host}/{address}/{port}"{after:text without "RemoteAddress="}',
  },
];

/** Every message that is recognised. The versions are those of Asterisk. */
export const patterns: PatternTable = { parts, patterns: entries };
