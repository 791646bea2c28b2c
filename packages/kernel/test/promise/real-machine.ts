import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionPlugin, AnyPlugin, CommandRunner, OptionsSchema } from '@remand/api';
import { realClock } from '../../../../test/support/namespace.ts';
import { type Faults, faultyPlugin, type Life } from './faulty-action.ts';
import type { Machine } from './machine.ts';

/** A list of a real firewall, looked at and changed by the firewall's own programs. */
export interface RealList {
  readonly options: unknown;
  contents(): readonly string[];
  wipe(given: { readonly container: boolean }): void;
  takeOut(target: string): void;
  putIn(target: string): void;
}

export interface RealMachineGiven {
  readonly plugin: AnyPlugin<'action'>;
  readonly commands: CommandRunner;
  readonly lists: ReadonlyMap<string, RealList>;
}

/** A firewall in a network namespace, and the clock of this machine. */
export class RealMachine implements Machine {
  readonly clock = realClock;
  readonly isUnread = true;
  readonly patienceMs = 70_000;
  readonly grainMs = 100;
  readonly toleranceMs = 400;
  readonly #given: RealMachineGiven;

  constructor(given: RealMachineGiven) {
    this.#given = given;
  }

  get commands(): CommandRunner {
    return this.#given.commands;
  }

  plugins(faultsOf: (list: string) => Faults, life: () => Life): readonly AnyPlugin[] {
    const plugin: ActionPlugin<OptionsSchema, readonly []> = this.#given.plugin;
    return [faultyPlugin(plugin, faultsOf, life)];
  }

  use(list: string) {
    return { name: this.#given.plugin.name, options: this.#list(list).options };
  }

  async pass(ms: number): Promise<void> {
    await sleep(ms);
  }

  async contents(list: string): Promise<ReadonlySet<string>> {
    return new Set(this.#list(list).contents());
  }

  async wipe(list: string, given: { readonly container: boolean }): Promise<void> {
    this.#list(list).wipe(given);
  }

  async takeOut(list: string, target: string): Promise<void> {
    this.#list(list).takeOut(target);
  }

  async putIn(list: string, target: string): Promise<void> {
    this.#list(list).putIn(target);
  }

  #list(key: string): RealList {
    const list = this.#given.lists.get(key);
    if (!list) throw new Error(`no list ${key}`);
    return list;
  }
}
