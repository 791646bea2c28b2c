import { createCommandRunner } from '@remand/daemon';
import type { ControlClient } from '../client/control-client.ts';
import { type Paint, painter } from '../output/paint.ts';
import { processTerminal, type Terminal } from '../terminal.ts';
import { AttackLog } from './attack-log.ts';
import { readFirewallSet } from './firewall-set.ts';
import { whyNoFirewall } from './means.ts';
import { look, type Scene } from './scene.ts';
import { plainShow, type Show, screenShow } from './show.ts';
import { Stage } from './stage.ts';

const lineEveryMs = 200;
const lookEveryMs = 400;
/** Longer than a ban of the demo lasts. */
const drainMs = 12_000;

process.exitCode = await demo(processTerminal(), process.stdout.isTTY === true);

/** Plays until Ctrl-C on a terminal, once without one. @returns the exit code */
async function demo(terminal: Terminal, isScreen: boolean): Promise<number> {
  const stop = new AbortController();
  const end = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  const commands = createCommandRunner();
  terminal.out('remand demo: starting the daemon…\n');
  const missing = await whyNoFirewall(commands);
  const stage = new Stage(commands, missing === undefined);
  const paint = painter(terminal.colour);
  let show: Show | undefined;
  try {
    const attack = new AttackLog(stage.log, stage.attack);
    const daemon = await stage.open();
    const head = introduction(stage, missing, paint, isScreen);
    show = isScreen ? screenShow(terminal, paint, head) : plainShow(terminal, head);
    const { namespace } = stage;
    const firewall = async () =>
      namespace === undefined ? undefined : readFirewallSet(commands, namespace);
    const play = { attack, daemon, firewall, show, stop: stop.signal };
    const last = await playAll(play, isScreen ? Number.POSITIVE_INFINITY : attack.length);
    daemon.close();
    show.end();
    terminal.out(summary(last, attack));
    return 0;
  } catch (error) {
    show?.end();
    terminal.err(`remand demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await stage.close();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, end);
  }
}

interface Play {
  readonly attack: AttackLog;
  readonly daemon: ControlClient;
  readonly firewall: Parameters<typeof look>[1];
  readonly show: Show;
  readonly stop: AbortSignal;
}

/** Writes so many lines, looks on, and waits until the last ban has ended. */
async function playAll(play: Play, lines: number): Promise<Scene> {
  const { attack, daemon, firewall, show, stop } = play;
  const feed = setInterval(() => {
    if (attack.written < lines) show.wrote(attack.next(new Date()));
  }, lineEveryMs);
  try {
    let scene = await look(daemon, firewall);
    let drainUntil: number | undefined;
    while (!stop.aborted) {
      show.update(scene);
      if (attack.written >= lines) drainUntil ??= performance.now() + drainMs;
      const isOver = drainUntil !== undefined && performance.now() > drainUntil;
      if (
        isOver ||
        (drainUntil !== undefined && scene.bans.length === 0 && !isBehind(scene, attack))
      )
        break;
      await pause(lookEveryMs, stop);
      scene = await look(daemon, firewall);
    }
    show.update(scene);
    return scene;
  } finally {
    clearInterval(feed);
  }
}

function isBehind({ status }: Scene, attack: AttackLog): boolean {
  return (status.jails[0]?.lines ?? 0) < attack.written;
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function introduction(
  stage: Stage,
  missing: string | undefined,
  paint: Paint,
  isScreen: boolean,
): string {
  const real =
    missing === undefined
      ? `a real nftables set in the network namespace ${stage.namespace}; your firewall is not touched`
      : `only observing, because ${missing}; as root on Linux with nft and ip it fills a real nftables set`;
  const more = isScreen
    ? `${paint('dim', `try: node_modules/.bin/remand status -c ${stage.rc}      Ctrl-C ends and cleans up`)}\n`
    : '';
  return `${paint('bold', 'remand demo')}: ${real}\nthree failed logins ban for 10 s; rc file ${stage.rc}\n${more}`;
}

function summary(last: Scene, attack: AttackLog): string {
  const jail = last.status.jails[0];
  return (
    `${attack.written} lines written, ${jail?.lines ?? 0} read, ${jail?.matched ?? 0} matched, ` +
    `${jail?.banned ?? 0} banned, ${last.bans.length} still banned; everything is cleaned up\n`
  );
}
