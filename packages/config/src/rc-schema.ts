import { durationForm, formatDuration, holderName, reservedHolders } from '@remand/api';
import { z } from 'zod';
import { builtinDefaults } from './builtin-defaults.ts';
import { durationSchema, finiteDurationSchema } from './duration-schema.ts';
import { growingBanSchema } from './growing-ban-schema.ts';
import { neverBanSchema, proxySchema } from './never-ban-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { pluginUseSchema, sourceUseSchema } from './plugin-use-schema.ts';
import { about, listOf, text, wholeNumber, yesOrNo } from './schema-parts.ts';

/** Fewer tries for an address that was banned before. */
const knownMaxRetrySchema = z.strictObject({
  first: wholeNumber(1, 1000)
    .optional()
    .meta(about('How many offences ban an address that is not known.', builtinDefaults.maxRetry)),
  known: wholeNumber(1, 1000)
    .optional()
    .meta(
      about('How many ban one that any jail has banned.', builtinDefaults.knownMaxRetry.maxRetry),
    ),
  within: finiteDurationSchema
    .optional()
    .meta(
      about(
        'For how long after a ban an address is known.',
        formatDuration(builtinDefaults.knownMaxRetry.withinMs),
      ),
    ),
});

const rules = {
  findTime: finiteDurationSchema
    .optional()
    .meta(about('How long an offence counts.', formatDuration(builtinDefaults.findTimeMs))),
  maxRetry: z
    .union(
      [wholeNumber(1, 1000), knownMaxRetrySchema],
      'a whole number from 1 to 1000, or a map such as { first: 3, known: 1, within: 30d }',
    )
    .optional()
    .meta(about('How many offences within findTime ban.', builtinDefaults.maxRetry)),
  banTime: z
    .union(
      [durationSchema, growingBanSchema],
      `${durationForm}, or a map such as { first: 10m, factor: 2, max: 1w, forgetAfter: 30d, jitter: 10% }`,
    )
    .optional()
    .meta(about('How long a ban lasts.', formatDuration(builtinDefaults.banTimeMs))),
  actions: listOf(pluginUseSchema, 'a list of actions')
    .optional()
    .describe('What enforces the bans. A jail’s own list replaces the one of the defaults.'),
};

export const rulesSchema = z.strictObject(
  rules,
  'a map with findTime, maxRetry, banTime or actions',
);

const jailForm = 'a map with filter, sources and the settings of a jail';

export const jailSchema = z.strictObject(
  {
    enabled: yesOrNo.optional().meta(about('Whether the jail is used at all.', true)),
    observe: yesOrNo.optional().meta(about('Decide and record, touch no firewall.', false)),
    filter: pluginUseSchema.describe('Recognises abuse in a line.'),
    sources: listOf(sourceUseSchema, 'a list of sources')
      .min(1, 'a list of at least one source')
      .optional()
      .describe(
        'Where the lines come from. A path is short for the file source. Without: where the ' +
          'service of the filter logs to on this machine, the journal first; `remand check` says it.',
      ),
    ...rules,
  },
  jailForm,
);

const filterName = 'a name of 1 to 40 of the characters a-z, 0-9 and -';
const filterForm = 'a map with patterns, or a path that begins with ./ or /';

export const filtersSchema = z.record(
  z.string(filterName).regex(/^[a-z0-9-]{1,40}$/, filterName),
  z
    .union(
      [z.string().regex(/^[./][^\0]*$/, filterForm), z.record(z.string(), z.unknown())],
      filterForm,
    )
    .meta({ title: 'options of the filter `patterns`, or a path' }),
  'a map of filters by name',
);

const nameForm = 'a name of 1 to 20 of the characters a-z, 0-9 and -';

const ownName = z
  .string(nameForm)
  .regex(holderName, nameForm)
  .refine((name) => !reservedHolders.includes(name), {
    error: `another name: ${reservedHolders.join(', ')} are remand’s own`,
  });

export const jailsSchema = z.record(ownName, jailSchema, 'a map of jails by name');

export const rungSchema = z.strictObject(
  {
    name: ownName.describe('Its name as a holder; jails and rungs share their names.'),
    after: wholeNumber(1, 1000).describe('How many bans within the window escalate.'),
    within: finiteDurationSchema.describe('How long a ban counts.'),
    banTime: durationSchema.describe('How long its own ban lasts.'),
    actions: listOf(pluginUseSchema, 'a list of actions')
      .min(1, 'a list of at least one action')
      .optional()
      .describe('What enforces it. Without: the very lists of the jail whose ban fired it.'),
    jails: listOf(z.string('the name of a jail'), 'a list of names of jails')
      .min(1, 'a list of at least one jail')
      .optional()
      .describe('The jails whose bans count. Without: all.'),
    of: z
      .string('the name of a rung')
      .optional()
      .describe('The rung whose escalations count, in place of bans.'),
  },
  'a map with name, after, within and banTime',
);

const { network } = builtinDefaults;

function prefixes(widest: number, narrowest: number, preset: readonly number[], what: string) {
  const one = wholeNumber(widest, narrowest);
  return z
    .union(
      [one, listOf(one, 'a list of prefixes')],
      `a prefix from ${widest} to ${narrowest}, or a list of them`,
    )
    .optional()
    .meta(about(what, preset.length === 1 ? preset[0] : preset));
}

export const networkSchema = z.strictObject(
  {
    after: wholeNumber(2, 1000)
      .optional()
      .meta(about('How many distinct addresses of a range have to be banned.', network.after)),
    within: finiteDurationSchema
      .optional()
      .meta(about('How long a ban counts.', formatDuration(network.withinMs))),
    banTime: durationSchema
      .optional()
      .meta(about('How long a range is banned.', formatDuration(network.banTimeMs))),
    v4: prefixes(16, 31, network.v4, 'How wide a range of IPv4 is; [] for none.'),
    v6: prefixes(
      32,
      63,
      network.v6,
      'The same for IPv6, where an address is a /64. A wider range counts a narrower one that is banned as one.',
    ),
    actions: listOf(pluginUseSchema, 'a list of actions')
      .min(1, 'a list of at least one action')
      .optional()
      .describe('What enforces it. Without: the very lists of the jail whose ban fired it.'),
    jails: listOf(z.string('the name of a jail'), 'a list of names of jails')
      .min(1, 'a list of at least one jail')
      .optional()
      .describe('The jails whose bans count. Without: all.'),
  },
  'a map with after, within, banTime, v4, v6, jails and actions; {} has the defaults',
);

export const escalationSchema = listOf(rungSchema, 'a list of rungs');

const specifier = /^(?:[./][^\0]*|(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?:\/[\w.-]+)*)$/i;
const specifierForm = 'the name of a package, or a path that begins with ./ or /';

export const rcSchema = z.strictObject(
  {
    version: z.literal(1, 'the number 1').describe('The version of this format.'),
    plugins: listOf(z.string(specifierForm).regex(specifier, specifierForm), 'a list of modules')
      .optional()
      .describe('Plugins beyond the bundled ones: packages, files, or folders of packages.'),
    neverBan: listOf(neverBanSchema, 'a list of addresses, ranges and host names')
      .optional()
      .describe('Added to what is never banned anyway.'),
    trustedProxies: listOf(proxySchema, 'a list of addresses and ranges')
      .optional()
      .describe(
        'Reverse proxies that say in X-Forwarded-For who their client is. They are never banned.',
      ),
    defaults: rulesSchema.optional().describe('What every jail has that does not say otherwise.'),
    filters: filtersSchema
      .optional()
      .describe('Filters of your own by name: templates, or the path of a file with them.'),
    jails: jailsSchema.optional().describe('The jails by name, up to 20 of a-z, 0-9 and -.'),
    escalation: escalationSchema
      .optional()
      .describe('The rungs: what follows when the same address is banned again and again.'),
    network: networkSchema
      .optional()
      .describe(
        'Range holds: what follows when many addresses of one range are banned. Off without it; {} takes the defaults.',
      ),
    notifiers: listOf(pluginUseSchema, 'a list of notifiers')
      .optional()
      .describe('Who is told of bans and troubles.'),
    notify: notifySchema.optional().describe('When they are told, and when not.'),
    fuse: z
      .strictObject(
        {
          bans: wholeNumber(1, 100_000_000)
            .optional()
            .meta(about('How many bans trip the fuse.', builtinDefaults.fuse.bans)),
          within: finiteDurationSchema
            .optional()
            .meta(about('In which time.', formatDuration(builtinDefaults.fuse.withinMs))),
        },
        'a map with bans and within',
      )
      .optional()
      .describe('Past this rate of bans no ranges are banned and nothing escalates.'),
    maxLine: wholeNumber(1024, 1_048_576)
      .optional()
      .meta(
        about(
          'Bytes of the longest line that is looked at; longer ones are counted only.',
          builtinDefaults.maxLineBytes,
        ),
      ),
    maxTracked: wholeNumber(100, 10_000_000)
      .optional()
      .meta(about('How many addresses a jail counts at one time.', builtinDefaults.maxTracked)),
    state: z
      .strictObject(
        {
          path: text('a path')
            .optional()
            .meta(
              about(
                'The folder of the ledger; without root $XDG_STATE_HOME/remand.',
                '/var/lib/remand',
              ),
            ),
        },
        'a map with path',
      )
      .optional()
      .describe('Where remand remembers.'),
    control: z
      .strictObject(
        {
          socket: text('a path')
            .optional()
            .meta(
              about(
                'Its mode is 0600; without root $XDG_RUNTIME_DIR/remand/control.sock.',
                '/run/remand/control.sock',
              ),
            ),
          group: text('the name of a group')
            .optional()
            .describe('This group may use the socket too; its mode is then 0660.'),
        },
        'a map with socket and group',
      )
      .optional()
      .describe('How commands reach the daemon.'),
    log: z
      .strictObject(
        {
          level: z
            .enum(['error', 'warn', 'info', 'debug'], 'error, warn, info or debug')
            .optional()
            .meta(about('What is written.', builtinDefaults.log.level)),
          format: z
            .enum(['text', 'json'], 'text or json')
            .optional()
            .meta(about('How it is written.', builtinDefaults.log.format)),
          file: text('a path')
            .optional()
            .describe(
              'Where to, instead of standard error, which gets only what cannot be written there.',
            ),
        },
        'a map with level, format and file',
      )
      .optional()
      .describe('remand’s own log.'),
    $schema: z
      .string('a path or URL')
      .optional()
      .describe('Where an editor finds the schema that `remand schema` prints. remand ignores it.'),
  },
  'a map that begins with version: 1',
);

export type WrittenRung = z.output<typeof rungSchema>;
export type WrittenNetwork = z.output<typeof networkSchema>;
export type WrittenJail = z.output<typeof jailSchema>;
export type WrittenRules = z.output<typeof rulesSchema>;

/** The format as JSON Schema, for the reference page and for editors. */
export function rcJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(rcSchema, {
    io: 'input',
    target: 'draft-2020-12',
    // zod itself leaves out the default of whatever is transformed, such as a duration.
    override: ({ jsonSchema }) => {
      const { preset } = jsonSchema;
      if (preset === undefined) return;
      delete jsonSchema.preset;
      jsonSchema.default = preset as NonNullable<typeof jsonSchema.default>;
    },
  });
}
