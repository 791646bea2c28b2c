import {
  type AnyPlugin,
  ConfigError,
  type ConfigProblem,
  type Filter,
  type PluginKind,
  type PluginModule,
} from '@remand/api';
import { createKernel } from '@remand/kernel';
import { FakeClock, settle } from '../fake-clock.ts';
import { hostileMessages } from '../hostile-messages.ts';
import { LogFeed } from '../log-feed.ts';
import { memoryAction } from '../memory-action.ts';
import { memoryLogger } from '../memory-logger.ts';
import { RecordingCommandRunner } from '../recording-command-runner.ts';
import { recordingNotifier } from '../recording-notifier.ts';
import { scriptedFilter } from '../scripted-filter.ts';
import { Journal } from './journal.ts';
import { OwnWork } from './own-work.ts';
import { type PluginFinding, throwHints } from './plugin-finding.ts';
import { fakes, trialConfig } from './trial-config.ts';
import type { VerifyPluginGiven } from './verify-plugin.ts';
import type { WatchedInstance } from './watched-instance.ts';
import { type WatchedPlugin, watchedPlugin } from './watched-plugin.ts';

export interface PluginTrialGiven extends VerifyPluginGiven {
  readonly kind: PluginKind;
  readonly name: string;
  readonly modules: readonly PluginModule[];
  readonly load: (module: PluginModule) => Promise<unknown>;
}

type Kernel = Awaited<ReturnType<typeof createKernel>>;

/** Longer than every deadline that the kernel gives a call, and than a ban of the trial. */
const longMs = 61_000;
/** What ends by itself soon after `dispose` was not left at work. */
const graceMs = 250;
const mostRounds = 5;

/** Two lives of one plugin: one that is never started, and a whole one. */
export class PluginTrial {
  readonly #given: PluginTrialGiven;
  readonly #clock = new FakeClock();
  readonly #work = new OwnWork();
  readonly #journal: Journal;
  readonly #feed = new LogFeed({ name: fakes.source });
  #watched: WatchedPlugin[] = [];

  constructor(given: PluginTrialGiven) {
    this.#given = given;
    this.#journal = new Journal(`${given.kind} ${given.name}`);
  }

  async run(): Promise<readonly PluginFinding[]> {
    try {
      const unstarted = await this.#kernel();
      if (unstarted) {
        await this.#pass(unstarted.stop());
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
    await this.#pass(kernel.start());
    await this.#rest();
    await this.#tryOut();
    await this.#rest(longMs);
    await this.#rest(longMs);
    await this.#pass(kernel.stop());
    await this.#end();
  }

  /** Gives the plugin the work of its kind. */
  async #tryOut(): Promise<void> {
    const { kind } = this.#given;
    if (kind === 'source') return;
    if (kind === 'filter') return this.#tryFilter();
    const attackers = ['198.51.100.7', '2001:db8::7'];
    const lines = attackers.flatMap((one) => Array(3).fill(lineOf('app', `abuse from ${one}`)));
    await this.#pass(this.#feed.push(lines));
    await this.#rest(1_000);
  }

  async #tryFilter(): Promise<void> {
    const { messages = [] } = this.#given;
    const [instance] = this.#instances;
    const [program = 'app'] = (instance?.get('programs') as Filter['programs']) ?? [];
    const prefixes = (instance?.get('prefixes') as Filter['prefixes']) ?? [''];
    const hostile = prefixes.flatMap((prefix) => hostileMessages.map((one) => prefix + one));
    const offered = [...messages, ...hostile].filter((one) => !one.includes('\n'));
    await this.#pass(this.#feed.push(offered.map((message) => lineOf(program, message))));
    for (const message of offered) await instance?.call('explain', message, { program, pid: 1 });
  }

  async #kernel(): Promise<Kernel | undefined> {
    const { options = {}, commands = new RecordingCommandRunner(), modules } = this.#given;
    const clock = this.#clock;
    this.#watched = [];
    try {
      return await createKernel({
        config: trialConfig(modules, { ...this.#given, options }),
        bundled: {
          source: { [fakes.source]: async () => ({ plugin: this.#feed.plugin }) },
          filter: { [fakes.filter]: async () => ({ p: scriptedFilter({ name: fakes.filter }) }) },
          action: { [fakes.action]: async () => memoryAction({ clock, name: fakes.action }) },
          notifier: {
            [fakes.notifier]: async () => recordingNotifier({ name: fakes.notifier }),
          },
        },
        importModule: async (module) => this.#watch(await this.#given.load(module)),
        stateFolder: null,
        version: 'testkit',
        commands,
        clock,
        logger: memoryLogger(),
        machine: {
          protectedAddresses: async () => [],
          resolve: () => Promise.reject(new Error('the testkit resolves no names')),
        },
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
    const given = { clock: this.#clock, work: this.#work, journal: this.#journal };
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
        await this.#pass(call());
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
    await this.#clock.advanceAsync(longMs);
    await settle();
  }

  /** Lets time pass on the kernel's clock, and in the world until no call is under way. */
  async #rest(ms = 0): Promise<void> {
    await this.#clock.advanceAsync(ms);
    await this.#quiet();
  }

  /** Waits for work of the kernel, and helps it over calls that hang. */
  async #pass(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    await settle();
    // A call of ours that hangs has no deadline of the kernel's.
    for (let round = 0; !isOver && round < mostRounds; round++) {
      await this.#quiet();
      await this.#clock.advanceAsync(isOver ? 0 : longMs);
    }
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    const { patienceMs = 2_000 } = this.#given;
    const end = performance.now() + patienceMs;
    await settle();
    while (this.#journal.open.size > 0) {
      if (performance.now() >= end) return this.#journal.hang(patienceMs);
      await realPause(1);
      await settle();
    }
  }
}

function lineOf(program: string, message: string): string {
  return `Jan  1 00:00:00 host ${program}[1]: ${message}`;
}

/** What a plugin does with the world takes real time. */
function realPause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
