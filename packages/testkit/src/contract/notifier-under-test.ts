import {
  type Logger,
  type Notice,
  type Notifier,
  type PluginToken,
  pluginTokens,
} from '@remand/api';
import { type MemoryLogger, memoryLogger } from '../memory-logger.ts';
import { RecordingCommandRunner } from '../recording-command-runner.ts';
import type { NotifierContractGiven, NotifierRig } from './notifier-rig.ts';

/** Makes instances of a notifier on one rig, and calls them as the kernel does. */
export class NotifierUnderTest {
  readonly rig: NotifierRig;
  readonly #plugin: NotifierContractGiven['plugin'];
  readonly #options: unknown;
  readonly #logger: Logger = memoryLogger() satisfies MemoryLogger;
  readonly #ended = new AbortController();

  private constructor(plugin: NotifierContractGiven['plugin'], rig: NotifierRig, options: unknown) {
    this.#plugin = plugin;
    this.rig = rig;
    this.#options = options;
  }

  static async on({ plugin }: NotifierContractGiven, rig: NotifierRig): Promise<NotifierUnderTest> {
    const result = await plugin.options['~standard'].validate(rig.options ?? {});
    if (result.issues) throw new Error(`the options are refused: ${result.issues[0]?.message}`);
    return new NotifierUnderTest(plugin, rig, result.value);
  }

  create(): Notifier {
    const { clock, commands, logger } = this.rig;
    const services = new Map<PluginToken<unknown>, unknown>([
      [pluginTokens.clock, clock],
      [pluginTokens.commands, commands ?? new RecordingCommandRunner()],
      [pluginTokens.logger, logger ?? this.#logger],
    ]);
    const injected = this.#plugin.inject.map((token: PluginToken<unknown>) => services.get(token));
    return this.#plugin.create({ options: this.#options }, ...injected);
  }

  async started(): Promise<Notifier> {
    const notifier = this.create();
    await notifier.start?.(this.#ended.signal);
    return notifier;
  }

  deliver(notifier: Notifier, notices: readonly Notice[], signal?: AbortSignal): Promise<void> {
    return notifier.deliver(notices, signal ?? this.#ended.signal);
  }

  end(): void {
    this.#ended.abort();
  }
}
