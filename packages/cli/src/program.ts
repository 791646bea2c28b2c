import { Command } from 'commander';
import type { Terminal } from './terminal.ts';
import type { BanOptions } from './verbs/ban.ts';
import type { CheckOptions } from './verbs/check.ts';
import type { InitOptions } from './verbs/init.ts';
import type { MatchOptions } from './verbs/match.ts';
import type { ReplayOptions } from './verbs/replay.ts';
import type { UnbanOptions } from './verbs/unban.ts';
import { type CommonOptions, contextOf, type Verb } from './verbs/verb.ts';

/** Takes the exit code of the verb that ran. */
export type OnExit = (code: number) => void;

/** The command line: every verb with its options. The work of a verb is imported when it runs. */
export function createProgram(terminal: Terminal, version: string, onExit: OnExit): Command {
  const context = contextOf(terminal);
  const program = new Command('remand')
    .description('Reads logs, recognises abuse, blocks the address at the firewall, and remembers.')
    .version(version, '--version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      // What was wrong is written once, by whoever catches the error.
      outputError: () => undefined,
      getOutHasColors: () => terminal.colour,
    });

  const verb = (usage: string, description: string) =>
    program.command(usage).description(description).helpOption('--help', 'show this help');
  const run = async <Args extends readonly unknown[]>(work: Promise<Verb<Args>>, ...args: Args) =>
    onExit(await (await work)(context, ...args));

  reads(verb('run', 'be the daemon, until it is told to stop'))
    .option('--observe', 'decide and record, touch no firewall')
    .option('--socket <path>', socketHelp)
    .action((options: CommonOptions & { observe?: boolean }) =>
      run(
        import('./verbs/run.ts').then((module) => module.run),
        options,
      ),
    );
  json(reads(verb('init', 'write an rc file with the jails that fit this machine')))
    .option('--observe', 'have it decide and record first, and touch no firewall')
    .option('--print', 'only show what would be written')
    .action((options: InitOptions) =>
      run(
        import('./verbs/init.ts').then((module) => module.init),
        options,
      ),
    );
  json(reads(verb('check', 'show what the rc file means, and what is wrong with it')))
    .option('--notify', 'send a test message through each notifier instead')
    .action((options: CheckOptions) =>
      run(
        import('./verbs/check.ts').then((module) => module.check),
        options,
      ),
    );
  talks(verb('status [jail]', 'how everything fares, or one jail')).action(
    (jail: string | undefined, options: CommonOptions) =>
      run(
        import('./verbs/status.ts').then((module) => module.status),
        jail,
        options,
      ),
  );
  talks(verb('bans', 'who is banned, by whom, until when'))
    .option('--since <time>', "only those since then: '1h' ago, or a time")
    .action((options: CommonOptions & { since?: string }) =>
      run(
        import('./verbs/bans.ts').then((module) => module.bans),
        options,
      ),
    );
  talks(verb('why <address>', 'what happened to an address, and which lines decided it')).action(
    (address: string, options: CommonOptions) =>
      run(
        import('./verbs/why.ts').then((module) => module.why),
        address,
        options,
      ),
  );
  talks(verb('ban <address>', 'ban an address or a range'))
    .option('--jail <jail>', 'on the lists of this jail, for as long as its first ban')
    .option('--for <duration>', durationHelp)
    .option('--reason <text>', reasonHelp)
    .action((address: string, options: BanOptions) =>
      run(
        import('./verbs/ban.ts').then((module) => module.ban),
        address,
        options,
      ),
    );
  const unban = talks(verb('unban <address>', 'lift the bans of an address or a range'))
    .option('--jail <holder>', "the ban of this jail, rung, 'admin' or 'network'")
    .option('--all', 'every ban')
    .option('--mistake', 'take it out of every count as well')
    .option('--reason <text>', reasonHelp)
    .action((address: string, options: UnbanOptions) =>
      run(
        import('./verbs/unban.ts').then((module) => module.unban),
        address,
        options,
      ),
    );
  unban.options.find((option) => option.long === '--all')?.conflicts('jail');
  talks(verb('allow <address>', 'lift what covers an address or a range, and never ban it'))
    .option('--for <duration>', `${durationHelp}; for ever without it`)
    .action((address: string, options: CommonOptions & { for?: string }) =>
      run(
        import('./verbs/allow.ts').then((module) => module.allow),
        address,
        options,
      ),
    );
  talks(verb('flush', "take remand's entries out of the firewall; the bans stay on record"))
    .option('--list <list>', 'this list only')
    .action((options: CommonOptions & { list?: string }) =>
      run(
        import('./verbs/flush.ts').then((module) => module.flush),
        options,
      ),
    );
  json(
    reads(
      verb('explain <line...>', 'what the rc file makes of a line (- for stdin), step by step'),
    ),
  ).action((lines: readonly string[], options: CommonOptions) =>
    run(
      import('./verbs/explain.ts').then((module) => module.explain),
      lines,
      options,
    ),
  );
  json(reads(verb('match <filter> [log...]', 'what a filter makes of each line (- for stdin)')))
    .option('--option <name=value>', 'an option of the filter; may be repeated', gathered)
    .action((filter: string, logs: readonly string[], options: MatchOptions) =>
      run(
        import('./verbs/match.ts').then((module) => module.match),
        filter,
        logs,
        options,
      ),
    );
  json(reads(verb('replay <log...>', 'what the rc file would have done with old logs')))
    .option('--jail <jail>', 'with this jail only')
    .option('--year <year>', 'the year of the first line of logs whose dates have none')
    .action((logs: readonly string[], options: ReplayOptions) =>
      run(
        import('./verbs/replay.ts').then((module) => module.replay),
        logs,
        options,
      ),
    );
  talks(verb('plugins', 'which plugins there are')).action((options: CommonOptions) =>
    run(
      import('./verbs/plugins.ts').then((module) => module.plugins),
      options,
    ),
  );
  reads(verb('schema', 'the JSON Schema of the rc file with its plugins, for editors')).action(
    (options: CommonOptions) =>
      run(
        import('./verbs/schema.ts').then((module) => module.schema),
        options,
      ),
  );
  reads(verb('stop', 'end the daemon; its bans stay in the firewall'))
    .option('--socket <path>', socketHelp)
    .option('--flush', 'take them out of the firewall first')
    .action((options: CommonOptions & { flush?: boolean }) =>
      run(
        import('./verbs/stop.ts').then((module) => module.stop),
        options,
      ),
    );
  talks(verb('reload', 'have the daemon read its rc file again')).action((options: CommonOptions) =>
    run(
      import('./verbs/reload.ts').then((module) => module.reload),
      options,
    ),
  );
  const fuse = verb('fuse', 'the fuse that blows when too many are banned').helpCommand(false);
  talks(fuse.command('reset').description('make it whole again'))
    .helpOption('--help', 'show this help')
    .action((options: CommonOptions) =>
      run(
        import('./verbs/fuse-reset.ts').then((module) => module.fuseReset),
        options,
      ),
    );
  return program;
}

const socketHelp = 'the control socket of the daemon';
const durationHelp = "how long: '90s', '10m', '1h', '1d', '1w', 'forever'";
const reasonHelp = 'for the record';

function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function reads(command: Command): Command {
  return command.option('-c, --config <file>', 'the rc file');
}

function json(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function talks(command: Command): Command {
  return json(reads(command).option('--socket <path>', socketHelp));
}
