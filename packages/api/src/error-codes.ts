/** Who must act: the author of the rc file, of a plugin, the machine's administrator, or us. */
export type ErrorKind = 'config' | 'plugin' | 'command' | 'internal';

/**
 * Every code that remand can show, with what it means. A code is never reused. The page
 * `docs/reference/errors.md` is generated from this table.
 */
export const errorCodes = {
  CONFIG_NOT_FOUND: { kind: 'config', meaning: 'There is no rc file where one was looked for.' },
  CONFIG_UNREADABLE: { kind: 'config', meaning: 'The rc file cannot be opened or read.' },
  CONFIG_UNSAFE: {
    kind: 'config',
    meaning: 'Others than its owner may write the rc file, a plugin or its folder.',
  },
  CONFIG_SYNTAX: { kind: 'config', meaning: 'The rc file is not well-formed YAML or JSON.' },
  CONFIG_INVALID: {
    kind: 'config',
    meaning: 'The rc file has mistakes; each is listed with its place and what is wanted.',
  },
  USAGE: {
    kind: 'config',
    meaning:
      'A command was called with arguments that do not fit, such as a file that is not there.',
  },
  PLUGIN_NOT_FOUND: { kind: 'plugin', meaning: 'No module could be imported for a plugin.' },
  PLUGIN_LOAD: {
    kind: 'plugin',
    meaning: 'A module of a plugin threw while it was imported.',
  },
  PLUGIN_INVALID: { kind: 'plugin', meaning: 'A module exports no well-formed plugin.' },
  PLUGIN_API_VERSION: {
    kind: 'plugin',
    meaning: 'A plugin was built for another version of the plugin contracts.',
  },
  PLUGIN_DUPLICATE: { kind: 'plugin', meaning: 'Two plugins of a kind have the same name.' },
  PLUGIN_CREATE: { kind: 'plugin', meaning: 'A plugin threw while its instance was created.' },
  PLUGIN_START: { kind: 'plugin', meaning: 'A plugin instance failed to start.' },
  PLUGIN_CALL: { kind: 'plugin', meaning: 'A call into a plugin failed.' },
  PLUGIN_TIMEOUT: { kind: 'plugin', meaning: 'A call into a plugin did not end in time.' },
  PLUGIN_STOP: { kind: 'plugin', meaning: 'A plugin instance failed to stop or to clean up.' },
  PLUGIN_MUTATION: { kind: 'plugin', meaning: 'A plugin changed what it was given.' },
  PLUGIN_LATE: { kind: 'plugin', meaning: 'A plugin called back after it had been stopped.' },
  PLUGIN_LEAK: {
    kind: 'plugin',
    meaning: 'A plugin left a timer, a socket or a program at work after it had been disposed of.',
  },
  COMMAND_MISSING: { kind: 'command', meaning: 'A program that is needed is not installed.' },
  COMMAND_FAILED: { kind: 'command', meaning: 'A program ended with an error.' },
  COMMAND_TIMEOUT: { kind: 'command', meaning: 'A program did not end in time and was killed.' },
  RC_UNWRITABLE: {
    kind: 'command',
    meaning: 'The rc file that `remand init` made cannot be written.',
  },
  STATE_UNWRITABLE: { kind: 'command', meaning: 'The state folder cannot be made or written.' },
  STATE_IN_USE: { kind: 'command', meaning: 'Another daemon runs on the same state.' },
  STATE_TOO_NEW: { kind: 'command', meaning: 'The ledger was written by a newer remand.' },
  SOCKET_IN_USE: { kind: 'command', meaning: 'The control socket is in use or cannot be made.' },
  DAEMON_UNREACHABLE: { kind: 'command', meaning: 'No daemon answers on the control socket.' },
  INPUT_UNREADABLE: {
    kind: 'command',
    meaning: 'A log that a command was given cannot be read, is damaged, or is no log.',
  },
  FILE_UNUSABLE: {
    kind: 'command',
    meaning: 'A file in which an action keeps its bans cannot be read or written.',
  },
  NOTICE_FAILED: {
    kind: 'command',
    meaning: 'A message could not be handed over; it waits and is tried again.',
  },
  NOTICE_REFUSED: {
    kind: 'command',
    meaning: 'A message was refused for good: trying it again would be refused again.',
  },
  NOT_FOUND: { kind: 'command', meaning: 'What was asked for does not exist.' },
  REFUSED: { kind: 'command', meaning: 'What was asked for would break a promise.' },
  INTERNAL: { kind: 'internal', meaning: 'A mistake in remand itself.' },
} as const satisfies Record<string, { readonly kind: ErrorKind; readonly meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** The codes whose errors are of one kind. */
export type ErrorCodeOf<Kind extends ErrorKind> = {
  [Code in ErrorCode]: (typeof errorCodes)[Code]['kind'] extends Kind ? Code : never;
}[ErrorCode];
