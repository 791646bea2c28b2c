import type { AnyPlugin, Change, Notice, OptionsOf, OptionsSchema, SourceUse } from '@remand/api';

/**
 * Options as an rc file has them, as `create` gets them: with the defaults of the plugin's schema.
 * @throws when the schema refuses them
 */
export async function validOptions<Schema extends OptionsSchema>(
  plugin: { readonly options: Schema },
  written: unknown = {},
): Promise<OptionsOf<Schema>> {
  const result = await plugin.options['~standard'].validate(written);
  if (result.issues) throw new Error(`the options are refused: ${result.issues[0]?.message}`);
  return result.value as OptionsOf<Schema>;
}

/** A use of a source by one jail, with the defaults of the plugin's schema. */
export async function aSourceUse(
  plugin: AnyPlugin<'source'>,
  written: unknown = {},
  more: Partial<Omit<SourceUse<unknown>, 'options'>> = {},
): Promise<SourceUse<unknown>> {
  const options = await validOptions(plugin, written);
  return { id: `${plugin.name}#0`, jails: ['sshd'], lookBackMs: 600_000, ...more, options };
}

/** A change of a list; by default an address is added for an hour. */
export function aChange(given: Partial<Change> = {}): Change {
  const timeoutMs = given.op === 'remove' ? null : 3_600_000;
  return { op: 'add', target: '192.0.2.1', timeoutMs, ...given };
}

/** A notice; by default of a ban for an hour, on the first of January 2026. */
export function aNotice(given: Partial<Notice> = {}): Notice {
  const at = given.at ?? Date.UTC(2026, 0, 1);
  const { address = '192.0.2.1', holder = 'sshd' } = given;
  return {
    id: `${at}-1`,
    kind: 'ban',
    at,
    summary: `${holder} banned ${address}`,
    holder,
    address,
    until: at + 3_600_000,
    ...given,
  };
}
