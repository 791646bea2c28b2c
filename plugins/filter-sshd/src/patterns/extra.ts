import type { PatternEntry } from '@remand/patterns';

/** Clients with whom sshd has no algorithm or method in common, and odd DNS: packet.c, canohost.c. */
export const extra: readonly PatternEntry[] = [
  {
    id: 'no-methods-left',
    versions: '5.0- (port since 7.1)',
    template: 'Received disconnect from {address:scoped-address}( port {port}:|: )14: {rest}',
  },
  {
    id: 'left-before-login',
    versions: '7.2- (user since 7.5)',
    template: 'Disconnected from {peer} \\[preauth\\]',
  },
  {
    // SSH_ERR_NO_…_ALG_MATCH in ssherr.c: `no matching cipher found`.
    id: 'cannot-negotiate',
    versions: '6.8-',
    template: 'Unable to negotiate with {peer-in-front}: no matching {rest}',
  },
  {
    // choose_t() in kex.c, which did not name the peer.
    id: 'nothing-in-common',
    versions: '5.0-6.7',
    tells: 'offence',
    template:
      'no matching {algorithm:word} found: client {offer:text} server {list:text}{maybe-preauth}',
  },
  {
    id: 'nasty-ptr',
    versions: '5.0-',
    template:
      'Nasty PTR record "{name:text}" is set up for {address:scoped-address}, ignoring{maybe-preauth}',
  },
  {
    id: 'reverse-mapping',
    versions: '5.0-7.3',
    template:
      'reverse mapping checking getaddrinfo for {name:word} \\[{address:scoped-address}\\] failed - POSSIBLE BREAK-IN ATTEMPT!{maybe-preauth}',
  },
  {
    id: 'address-maps',
    versions: '5.0-7.3',
    template:
      'Address {address:scoped-address} maps to {name:word}, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!{maybe-preauth}',
  },
];
