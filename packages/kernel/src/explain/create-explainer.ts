import { Builder } from '../build.ts';
import { silentLogger, systemClock } from '../defaults.ts';
import { Holds } from '../holds/holds.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { localMachine } from '../never-ban/local-machine.ts';
import { NeverBanSet } from '../never-ban/never-ban-set.ts';
import { refreshInTime } from '../never-ban/refresh-in-time.ts';
import { rebuildWindows } from '../rebuild-windows.ts';
import type { Explainer, ExplainerGiven, StateLook } from './contract.ts';
import { ConfigExplainer } from './explainer.ts';
import { snapshotLedger } from './state-snapshot.ts';

/**
 * The detection of a configuration, with what a copy of its ledger remembers. Nothing is started,
 * written or blocked. Not for a process whose own kernel has that ledger open: reading the file there
 * would drop its lock (fcntl(2)).
 * @throws ConfigError with every problem at once
 */
export async function createExplainer(given: ExplainerGiven): Promise<Explainer> {
  const { config, clock = systemClock, stateFolder } = given;
  const logger = silentLogger;
  const builder = new Builder(given);
  const built = await builder.build({ ...config, notifiers: [] });
  const snapshot =
    stateFolder === null
      ? { reason: 'it is kept in memory' }
      : snapshotLedger(stateFolder, { clock, logger });
  const ledger = snapshot.ledger ?? openLedger({ folder: null, clock, logger });
  try {
    const neverBan = new NeverBanSet({
      configured: config.neverBan,
      machine: given.machine ?? localMachine,
      clock,
      logger,
    });
    neverBan.setAllowed(ledger.liveAllows(clock.now()));
    await refreshInTime({ neverBan, clock, logger });
    const holds = new Holds();
    for (const hold of ledger.liveHolds(clock.now())) holds.set(hold);
    rebuildWindows({ jails: built.jails, ledger, clock });
    const state: StateLook =
      snapshot.reason === undefined ? { looked: true } : { looked: false, reason: snapshot.reason };
    return new ConfigExplainer({ config, builder, built, clock, neverBan, holds, ledger, state });
  } catch (error) {
    ledger.close();
    await builder.dispose();
    throw error;
  }
}
