import {
  type AnyPlugin,
  ConfigError,
  type ConfigProblem,
  type Filter,
  type PluginKind,
  type PluginModule,
} from '@remand/api';
import type { Kernel } from '@remand/kernel';
import { settle } from '../fake-clock.ts';
import { hostileMessages } from '../hostile-messages.ts';
import { LogFeed } from '../log-feed.ts';
import { RecordingCommandRunner } from '../recording-command-runner.ts';
import { Journal } from './journal.ts';
import { OwnWork } from './own-work.ts';
import { type PluginFinding, throwHints } from './plugin-finding.ts';
import { fakes, trialConfig } from './trial-config.ts';
import { trialKernel } from './trial-kernel.ts';
import { longMs, realPause, TrialTime } from './trial-time.ts';
import type { VerifyPluginGiven } from './verify-plugin.ts';
import type { WatchedInstance } from './watched-instance.ts';
import { type WatchedPlugin, watchedPlugin } from './watched-plugin.ts';

export interface PluginTrialGiven extends VerifyPluginGiven {
  readonly kind: PluginKind;
  readonly name: string;
  readonly modules: readonly PluginModule[];
  readonly load: (module: PluginModule) => Promise<unknown>;
}

/** What ends by itself soon after `dispose` was not left at work. */
const graceMs = 250;

/** Two lives of one plugin: one that is never started, and a whole one. */
export class PluginTrial {
  readonly #given: PluginTrialGiven;
  readonly #time: TrialTime;
  readonly #work = new OwnWork();
  readonly #journal: Journal;
  readonly #feed = new LogFeed({ name: fakes.source });
  #watched: WatchedPlugin[] = [];

  constructor(given: PluginTrialGiven) {
    this.#given = given;
    this.#journal = new Journal(`${given.kind} ${given.name}`);
    this.#time = new TrialTime(this.#journal, given.patienceMs ?? 2_000);
  }

  async run(): Promise<readonly PluginFinding[]> {
    try {
      const unstarted = await this.#kernel();
      if (unstarted) {
        await this.#time.pass(unstarted.stop());
        await this.#end();
        const kernel = await this.#kernel();
        if (kernel) await this.#live(kernel);
      }
      return this.#journal.findings;
    } finally {
      this.#work.end();
    }
  }

  async #live(kernel: Kernel): Promise<void> {
    await this.#time.pass(kernel.start());
    await this.#time.rest();
    await this.#tryOut();
    await this.#time.rest(longMs);
    await this.#time.rest(longMs);
    await this.#time.pass(kernel.stop());
    await this.#end();
  }

  /** Gives the plugin the work of its kind. */
  async #tryOut(): Promise<void> {
    const { kind } = this.#given;
    if (kind === 'source') return;
    if (kind === 'filter') return this.#tryFilter();
    const attackers = ['198.51.100.7', '2001:db8::7'];
    const lines = attackers.flatMap((one) => Array(3).fill(lineOf('app', `abuse from ${one}`)));
    await this.#time.pass(this.#feed.push(lines));
    await this.#time.rest(1_000);
  }

  async #tryFilter(): Promise<void> {
    const { messages = [] } = this.#given;
    const [instance] = this.#instances;
    const [said = 'app'] = (instance?.get('programs') as Filter['programs']) ?? [];
    const program = said?.replace(/\*$/, '') ?? 'app';
    const prefixes = (instance?.get('prefixes') as Filter['prefixes']) ?? [''];
    const hostile = prefixes.flatMap((prefix) => hostileMessages.map((one) => prefix + one));
    const offered = [...messages, ...hostile].filter((one) => !one.includes('\n'));
    await this.#time.pass(this.#feed.push(offered.map((message) => lineOf(program, message))));
    for (const message of offered) await instance?.call('explain', message, { program, pid: 1 });
  }

  async #kernel(): Promise<Kernel | undefined> {
    const { options = {}, commands = new RecordingCommandRunner(), modules } = this.#given;
    this.#watched = [];
    try {
      return await trialKernel({
        config: trialConfig(modules, { ...this.#given, options }),
        importModule: async (module) => this.#watch(await this.#given.load(module)),
        feed: this.#feed,
        clock: this.#time.clock,
        commands,
      });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) this.#refused(problem);
      return undefined;
    }
  }

  /** The exports of a module with the plugin of this trial watched. */
  #watch(exports: unknown): unknown {
    if (typeof exports !== 'object' || exports === null) return exports;
    const { kind, name } = this.#given;
    const known = new Map<unknown, unknown>();
    const entries = Object.entries(exports).map(([key, value]) => {
      if (value?.kind !== kind || value?.name !== name) return [key, value];
      if (!known.has(value)) known.set(value, this.#watchOne(value));
      return [key, known.get(value)];
    });
    return Object.fromEntries(entries);
  }

  #watchOne(plugin: AnyPlugin): AnyPlugin {
    const given = { clock: this.#time.clock, work: this.#work, journal: this.#journal };
    const watched = watchedPlugin(plugin, given);
    this.#watched.push(watched);
    return watched.plugin;
  }

  get #instances(): readonly WatchedInstance[] {
    return this.#watched.flatMap(({ instances }) => instances);
  }

  #refused({ code = 'CONFIG_INVALID', path, message, hint }: ConfigProblem): void {
    const isOption = code === 'CONFIG_INVALID';
    const where = isOption && path.length > 0 ? `${path.join('.')}: ` : '';
    const what = isOption ? 'give verifyPlugin options that the plugin takes' : throwHints.create;
    const phase = isOption ? 'load' : 'create';
    this.#journal.add(code, { method: message, phase }, where + message, hint ?? what);
  }

  /** After its kernel has stopped: calls again what may be called twice, and looks at what is left. */
  async #end(): Promise<void> {
    const instances = this.#instances;
    for (const instance of instances) {
      for (const call of [() => instance.call('stop', 1_000), () => instance.call('dispose')]) {
        await this.#time.pass(call());
      }
    }
    await this.#left(instances);
    for (const instance of instances) instance.compare();
  }

  async #left(instances: readonly WatchedInstance[]): Promise<void> {
    const end = performance.now() + graceMs;
    while (this.#work.left.length > 0 && performance.now() < end) await realPause(5);
    const hint = 'stop or dispose ends all that create and start began';
    const leak = (what: string, place: string | undefined) => {
      const where = place === undefined ? '' : `, begun at ${place}`;
      const call = { method: what + where, phase: 'dispose' } as const;
      this.#journal.add('PLUGIN_LEAK', call, `it left ${what} at work${where}`, hint);
    };
    for (const { what, place } of this.#work.left) leak(what, place);
    for (const place of instances.flatMap(({ clock }) => clock.pending)) {
      leak('a timer of the clock', place);
    }
    // What is left may call back yet.
    await this.#time.clock.advanceAsync(longMs);
    await settle();
  }
}

function lineOf(program: string, message: string): string {
  return `Jan  1 00:00:00 host ${program}[1]: ${message}`;
}
