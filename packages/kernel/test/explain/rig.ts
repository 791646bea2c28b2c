import {
  type AnyPlugin,
  definePlugin,
  type Filter,
  type FilterPlugin,
  type Framing,
  type KernelConfig,
  type OptionsSchema,
} from '@remand/api';
import { anyOptions, FakeClock, LogFeed, memoryAction, scriptedFilter } from '@remand/testkit';
import { onTestFinished } from 'vitest';
import type { Explainer, JailExplanation, LineExplanation } from '../../src/explain/contract.ts';
import { createExplainer } from '../../src/explain/create-explainer.ts';
import { bundle, kernelConfig, start } from '../kernel-rig.ts';

export const clock: FakeClock = new FakeClock(start);

/** An explainer over the testkit's plugins; it is closed when the test is over. */
export async function explainerOf(
  config: Partial<KernelConfig> = {},
  more: {
    readonly plugins?: readonly AnyPlugin[];
    readonly stateFolder?: string;
    readonly protectedAddresses?: readonly { readonly address: string; readonly why: string }[];
  } = {},
): Promise<Explainer> {
  const explainer = await createExplainer({
    config: kernelConfig({ ...config }),
    bundled: bundle([
      new LogFeed().plugin,
      memoryAction({ clock }).plugin,
      scriptedFilter(),
      ...(more.plugins ?? []),
    ]),
    stateFolder: more.stateFolder ?? null,
    clock,
    machine: {
      protectedAddresses: async () => more.protectedAddresses ?? [],
      resolve: async () => [],
    },
  });
  onTestFinished(() => explainer.close());
  return explainer;
}

/** What the only jail makes of a line. */
export function judged(explainer: Explainer, line: string): JailExplanation {
  const [jail] = explained(explainer, line).readings.flatMap(({ jails }) => jails);
  if (!jail) throw new Error('there is no jail');
  return jail;
}

export function explained(explainer: Explainer, line: string): LineExplanation {
  return explainer.explain(Buffer.from(line));
}

/** A filter plugin around a filter that a test wrote. */
export function filterPlugin(
  name: string,
  create: () => Filter,
): FilterPlugin<OptionsSchema, readonly []> {
  return definePlugin({
    kind: 'filter',
    name,
    apiVersion: 1,
    summary: 'Does what a test says.',
    options: anyOptions,
    inject: [],
    create,
  });
}

/** A source that is never started, whose options are how its lines are framed. */
export const framedSource: AnyPlugin<'source'> = definePlugin({
  kind: 'source',
  name: 'framed',
  apiVersion: 1,
  summary: 'Reads nothing.',
  options: anyOptions,
  inject: [],
  framing: (options) => options as Framing,
  create: () => ({
    start: async () => {
      throw new Error('a source was started');
    },
  }),
});
