import { z } from 'zod';

const pluginName = /^[a-z0-9-]{1,40}$/;
const useForm = 'the name of a plugin, or { name: {options} } with exactly one key';
const sourceForm = `a path that begins with / or ., or ${useForm}`;

/** A plugin wherever one is named: its name, or its name with options. */
export const pluginUseSchema = z
  .union([z.string().regex(pluginName, useForm), namedOptions(useForm)], useForm)
  .meta({ title: 'plugin' });

/** Like `pluginUseSchema`; a path is short for the `file` source. */
export const sourceUseSchema = z
  .union(
    [
      z.string().regex(pluginName, sourceForm),
      z.string().regex(/^[/.]/, sourceForm),
      namedOptions(sourceForm),
    ],
    sourceForm,
  )
  .meta({ title: 'source' });

export type WrittenUse = string | Record<string, unknown>;

function namedOptions(form: string) {
  return z.record(z.string(), z.unknown()).refine((value) => {
    const [name, ...others] = Object.keys(value);
    return name !== undefined && pluginName.test(name) && others.length === 0;
  }, form);
}
