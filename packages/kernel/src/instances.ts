import {
  type Clock,
  type CommandRunner,
  type ConfigProblem,
  type Logger,
  PluginError,
  type PluginToken,
  pluginTokens,
  printable,
  reasonOf,
} from '@remand/api';
import { Services } from './di/services.ts';

/** The part of a plugin that makes instances, whatever its kind. */
export interface Creatable<Given, Instance> {
  readonly inject: readonly PluginToken<unknown>[];
  create(given: Given, ...injected: readonly unknown[]): Instance;
}

/** What plugins can have injected. */
export function pluginServices(given: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly commands: CommandRunner;
}): Services {
  const services = Services.root();
  services.provide(pluginTokens.clock, given.clock);
  services.provide(pluginTokens.logger, given.logger);
  services.provide(pluginTokens.commands, given.commands);
  return services;
}

/** A reason can show an example line. */
const mostReason = 700;

/**
 * Creates one instance of a plugin with what it asked for, from a container of its own.
 * @throws PluginError PLUGIN_CREATE when a token is not to be had or the plugin throws
 */
export function createInstance<Given, Instance>(
  services: Services,
  plugin: Creatable<Given, Instance>,
  given: Given,
  id: string,
): Instance {
  const injected = injections(services, plugin, id);
  try {
    return plugin.create(given, ...injected);
  } catch (error) {
    throw new PluginError(
      'PLUGIN_CREATE',
      `${id} cannot be created: ${printable(reasonOf(error), mostReason)}`,
      { plugin: id, phase: 'create', hint: hintOf(error), cause: error },
    );
  }
}

/** An error can know better what to do. */
function hintOf(error: unknown): string {
  const hint: unknown = Object(error).hint;
  if (typeof hint === 'string') return printable(hint);
  return 'create only makes the instance: what can fail belongs into start';
}

/** Why an instance could not be created, as a mistake in the place that wants it. */
export function creationProblem(error: unknown, path: ConfigProblem['path']): ConfigProblem {
  const { code, hint } = error instanceof PluginError ? error : {};
  return {
    path,
    message: reasonOf(error),
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
  };
}

/**
 * What a plugin asked for, in its order.
 * @throws PluginError PLUGIN_CREATE when a token is not to be had
 */
export function injections(
  services: Services,
  { inject }: Pick<Creatable<unknown, unknown>, 'inject'>,
  id: string,
): readonly unknown[] {
  const child = services.child();
  child.provide(pluginTokens.logger, named(services.get(pluginTokens.logger), id));
  return inject.map((token) => {
    if (child.has(token)) return child.get(token);
    throw new PluginError(
      'PLUGIN_CREATE',
      `${id} wants ${printable(String(token))}, which plugins cannot have`,
      {
        plugin: id,
        phase: 'create',
        hint: 'list only pluginTokens of @remand/api in inject',
      },
    );
  });
}

function named(logger: Logger, plugin: string): Logger {
  return {
    debug: (event, fields) => logger.debug(event, { plugin, ...fields }),
    info: (event, fields) => logger.info(event, { plugin, ...fields }),
    warn: (event, fields) => logger.warn(event, { plugin, ...fields }),
    error: (event, fields) => logger.error(event, { plugin, ...fields }),
  };
}
