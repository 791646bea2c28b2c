import type { JailConfig, KernelConfig, NetworkConfig, PluginUse, RungConfig } from '@remand/api';
import { jail, kernelConfig, use } from '../kernel-rig.ts';
import type { Machine } from './machine.ts';
import {
  fuseWithinMs,
  type JailRule,
  type NetworkRule,
  type Rules,
  type RungRule,
} from './rules.ts';
import { neverBan } from './world-map.ts';

/** The configuration that the rules of the model stand for. */
export function configOf(rules: Rules, machine: Pick<Machine, 'use'>): KernelConfig {
  const actions = (lists: readonly string[]) =>
    lists.map((list) => use(machine.use(list).name, machine.use(list).options));
  return kernelConfig({
    neverBan,
    notifiers: [],
    defaultActions: actions(rules.adminLists),
    defaultBanTimeMs: timeOf(rules.adminBanMs),
    fuse: { bans: rules.fuseBans, withinMs: fuseWithinMs },
    jails: rules.jails.map((rule) => ({ ...jailOf(rule), actions: actions(rule.lists) })),
    escalation: rungsOf(rules.rungs, actions),
    ...(rules.network && { network: networkOf(rules.network, actions) }),
  });
}

function networkOf(
  { banMs, widths, lists, ...rule }: NetworkRule,
  actions: (lists: readonly string[]) => readonly PluginUse[],
): NetworkConfig {
  const prefixes = widths.map((width) => Number(width.slice(1)));
  return {
    ...rule,
    banTimeMs: timeOf(banMs),
    prefixes: { v4: prefixes.filter((one) => one < 32), v6: prefixes.filter((one) => one > 32) },
    ...(lists && { actions: actions(lists) }),
    path: ['network'],
  };
}

export function jailOf({ name, program, growth, known, ...rule }: JailRule): JailConfig {
  return jail({
    name,
    observe: rule.observe,
    maxRetry: rule.maxRetry,
    filter: use(program),
    findTimeMs: rule.findMs,
    banTimeMs: timeOf(rule.banMs),
    ...(known && { knownMaxRetry: known }),
    ...(growth && {
      banGrowth: {
        factor: growth.factor,
        maxMs: growth.maxMs,
        forgetAfterMs: growth.forgetMs,
        jitter: 0,
      },
    }),
  });
}

export function rungsOf(
  rungs: readonly RungRule[],
  actions: (lists: readonly string[]) => readonly PluginUse[],
): readonly RungConfig[] {
  return rungs.map(({ banMs, lists, ...rule }, index) => ({
    ...rule,
    banTimeMs: timeOf(banMs),
    ...(lists && { actions: actions(lists) }),
    path: ['escalation', index],
  }));
}

function timeOf(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
