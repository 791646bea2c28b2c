import {
  type ErrorCodeOf,
  errorCodes,
  type PluginPhase,
  printable,
  RemandError,
  reasonOf,
} from '@remand/api';
import { type PluginFinding, throwHints } from './plugin-finding.ts';

/** A call into the plugin that is under way. */
export interface OpenCall {
  readonly method: string;
  readonly phase: PluginPhase;
}

/** What was noticed of one plugin. */
export class Journal {
  readonly plugin: string;
  readonly open = new Set<OpenCall>();
  readonly #findings = new Map<string, PluginFinding>();

  constructor(plugin: string) {
    this.plugin = plugin;
  }

  /** One for each sort of trouble in each place, in the order in which they came. */
  get findings(): readonly PluginFinding[] {
    return [...this.#findings.values()];
  }

  /** `place` is the method, or whatever else tells troubles of one sort apart. */
  add(
    code: ErrorCodeOf<'config' | 'plugin'>,
    place: OpenCall,
    message: string,
    hint: string,
  ): void {
    const { method, phase } = place;
    const { plugin } = this;
    const key = `${code} ${phase} ${method}`;
    if (this.#findings.has(key)) return;
    const whole = message.startsWith(plugin) ? message : `${plugin}: ${message}`;
    this.#findings.set(key, { code, plugin, phase, message: printable(whole, 500), hint });
  }

  threw(call: OpenCall, error: unknown): void {
    const { method, phase } = call;
    // The signal was aborted, and it obeyed.
    if (error instanceof Error && error.name === 'AbortError') return;
    const isMachine = error instanceof RemandError && errorCodes[error.code].kind === 'command';
    // That the machine does not do what was asked is no fault of the plugin.
    if (isMachine && (phase === 'start' || phase === 'work')) return;
    this.add(throwCodes[phase], call, `${method} threw: ${reasonOf(error)}`, throwHints[phase]);
  }

  /** Notes what is under way as hanging, and forgets it. */
  hang(patienceMs: number): void {
    for (const call of this.open) {
      this.add(
        'PLUGIN_TIMEOUT',
        call,
        `${call.method} did not end within ${patienceMs} ms`,
        'end soon, or as soon as the signal aborts; the kernel gives a call up and goes on without it',
      );
    }
    this.open.clear();
  }
}

const throwCodes: Readonly<Record<PluginPhase, ErrorCodeOf<'plugin'>>> = {
  load: 'PLUGIN_LOAD',
  create: 'PLUGIN_CREATE',
  start: 'PLUGIN_START',
  work: 'PLUGIN_CALL',
  stop: 'PLUGIN_STOP',
  dispose: 'PLUGIN_STOP',
};
