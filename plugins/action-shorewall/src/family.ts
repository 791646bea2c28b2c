export type Family = 4 | 6;

export interface FamilyNames {
  readonly program: string;
  readonly iptables: string;
  /** How iptables writes the width of one address. */
  readonly whole: string;
}

export const familyNames: Readonly<Record<Family, FamilyNames>> = {
  4: { program: 'shorewall', iptables: 'iptables', whole: '/32' },
  6: { program: 'shorewall6', iptables: 'ip6tables', whole: '/128' },
};
