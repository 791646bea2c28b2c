/** The kinds of plugins, as `PluginKind` of `@remand/api` has them. */
export const kinds = ['source', 'filter', 'action', 'notifier'] as const;
export type Kind = (typeof kinds)[number];

export function isKind(text: string): text is Kind {
  return (kinds as readonly string[]).includes(text);
}

interface KindText {
  /** What the plugin does as it is written, one sentence. */
  readonly summary: string;
  /** How an rc file uses it; NAME is the plugin's. */
  readonly usage: string;
  readonly options: string;
  /** Packages of remand that it needs when it runs, beside the contracts. */
  readonly needs?: readonly string[];
  /** What `npm test` does beside `verifyPlugin`. */
  readonly suite: string;
}

const noOptions = 'It has none.';

function pathOption(what: string): string {
  return `| name | type | default | what it does |\n|---|---|---|---|\n| \`path\` | string | required | ${what} |`;
}

/** What the README of each kind says. */
export const kindTexts: Readonly<Record<Kind, KindText>> = {
  source: {
    summary: 'Follows a file that only grows.',
    usage: 'jails:\n  app: { filter: sshd, sources: [{ NAME: { path: /var/log/app.log } }] }',
    options: pathOption('The file that is followed.'),
    suite: 'tries it by the contract suite of sources',
  },
  filter: {
    summary: 'Recognises refused logins of myapp.',
    usage: 'jails:\n  app: { filter: NAME, sources: [/var/log/myapp.log] }',
    options: noOptions,
    needs: ['@remand/patterns'],
    suite: 'tries its samples and the contract suite of filters',
  },
  action: {
    summary: 'Keeps banned addresses in a file, one a line.',
    usage: 'defaults: { actions: [{ NAME: { path: /var/lib/remand/banned } }] }',
    options: pathOption('The file with one banned address a line. It is remand’s alone.'),
    suite: 'tries it by the contract suite of actions',
  },
  notifier: {
    summary: 'Appends each notice to a file, as a line of JSON.',
    usage: 'notifiers: [{ NAME: { path: /var/log/remand-notices } }]',
    options: pathOption('The file that is written.'),
    suite: 'tries it by the contract suite of notifiers',
  },
};
