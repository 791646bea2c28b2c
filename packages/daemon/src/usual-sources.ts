import type { CommandRunner, Logger } from '@remand/api';
import type { LoadedRc, Settings } from '@remand/config';
import { type ChosenSources, chooseSources } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';

export interface WithSources {
  readonly settings: Settings;
  readonly chosen: readonly ChosenSources[];
}

/**
 * Settings whose jails have sources, also those for which the rc file names none.
 * @param commands for looking at this machine; without it the first of the usual sources counts
 */
export async function withUsualSources(
  settings: Settings,
  commands?: CommandRunner,
): Promise<WithSources> {
  const { config, chosen } = await chooseSources({
    config: settings.kernel,
    bundled,
    importModule: importPlugin,
    ...(commands && { commands }),
  });
  return { settings: { ...settings, kernel: config }, chosen };
}

/** The same for an rc file that was read; one with a wrong syntax has no settings. */
export async function sourcesOfRc<Rc extends Pick<LoadedRc, 'settings'>>(
  rc: Rc,
  commands?: CommandRunner,
): Promise<{ readonly rc: Rc; readonly chosen: readonly ChosenSources[] }> {
  if (rc.settings === undefined) return { rc, chosen: [] };
  const { settings, chosen } = await withUsualSources(rc.settings, commands);
  return { rc: { ...rc, settings }, chosen };
}

/** Says for which jails it was chosen, and why. */
export function tellChosen(chosen: readonly ChosenSources[], logger: Logger): void {
  for (const { jail, reason } of chosen) logger.info('sources-chosen', { jail, reason });
}
