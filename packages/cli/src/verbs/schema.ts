import { exitCodes } from '../output/failure.ts';
import { jsonDocument } from '../output/json.ts';
import type { CommonOptions, Verb } from './verb.ts';

/** `remand schema`: the JSON Schema of the rc file, for editors. */
export const schema: Verb<[options: CommonOptions]> = async ({ terminal }, options) => {
  const { rcEditorSchema } = await import('@remand/daemon');
  const found = await rcEditorSchema(options.config === undefined ? {} : { rc: options.config });
  terminal.out(jsonDocument(found));
  return exitCodes.ok;
};
