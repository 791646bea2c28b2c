import type { FoundMachine } from './found.ts';

/** The rc file for a machine, with a comment on why each thing is in it. */
export function writeRc(
  { services, others, firewall, peer }: FoundMachine,
  { observe }: { readonly observe: boolean },
): string {
  const jails = services.flatMap(({ filter, does, why }) => [
    `  # ${sentence(does)}: ${why}.`,
    `  ${filter}: { filter: ${filter}${observe ? ', observe: true' : ''} }`,
    '',
  ]);
  const parts = [
    '# Written by `remand init`, from what it found on this machine. After changing it: remand check',
    'version: 1',
    '',
    '# Never banned, beside the addresses of this machine, its gateway and its resolvers. Add your own.',
    peer === undefined
      ? 'neverBan: []'
      : `neverBan: [${quoted(peer)}] # you are logged in from there`,
    '',
    'defaults:',
    `  # ${sentence(firewall.why)}.`,
    `  actions: [${firewall.action}]`,
    '',
    ...(services.length > 0
      ? [
          'jails:',
          ...(observe
            ? ['  # With observe: true a jail decides and records, and touches no firewall.', '']
            : []),
          ...jails,
        ]
      : [
          '# No log of a service was found that remand knows. A jail looks like this:',
          '# jails:',
          '#   sshd: { filter: sshd, sources: [/var/log/auth.log] }',
          '',
        ]),
    '# Who is banned three times within a week is away for a week.',
    'escalation:',
    '  - { name: repeat-offender, after: 3, within: 1w, banTime: 1w }',
    ...(others.length > 0
      ? ['', `# Looked for, and no log of it found: ${others.join(', ')}.`]
      : []),
  ];
  return `${parts.join('\n')}\n`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A v6 address would be a map. */
function quoted(address: string): string {
  return address.includes(':') ? `'${address}'` : address;
}
