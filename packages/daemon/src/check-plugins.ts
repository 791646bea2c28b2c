import type { Settings } from '@remand/config';
import { checkKernelConfig } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';
import { withUsualSources } from './usual-sources.ts';

/** What a kernel says of settings, those left out for other mistakes included; nothing is built. */
export async function checkPlugins(settings: Settings): ReturnType<typeof checkKernelConfig> {
  const { kernel, looseUses } = (await withUsualSources(settings)).settings;
  return checkKernelConfig({ config: kernel, looseUses, bundled, importModule: importPlugin });
}
