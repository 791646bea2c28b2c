import type { Settings } from '@remand/config';
import { checkKernelConfig } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';

/** What a kernel says of settings, those left out for other mistakes included; nothing is built. */
export function checkPlugins({
  kernel,
  looseUses,
}: Settings): ReturnType<typeof checkKernelConfig> {
  return checkKernelConfig({ config: kernel, looseUses, bundled, importModule: importPlugin });
}
