import { CommandError, type CommandRunner, type RunOptions } from '@remand/api';
import { ChainPlace } from './chain-place.ts';
import { type Family, familyNames } from './family.ts';
import { parseTable } from './filter-table.ts';
import { isFamilyMissing, runHinted } from './firewall-programs.ts';
import { isBeingChanged } from './is-being-changed.ts';
import type { Options } from './options.ts';
import type { Place } from './place.ts';
import { ProgramPlace } from './program-place.ts';
import { SetPlace } from './set-place.ts';
import { whyNotRunning } from './why-not-running.ts';

/**
 * Looks where shorewall keeps the blacklist of a family now.
 * @returns a CommandError when this machine has no shorewall for that family
 * @throws CommandError when it has one, but not running or without a fitting blacklist
 */
export async function findPlace(
  commands: CommandRunner,
  family: Family,
  given: {
    readonly options: Options;
    /** The folder of the state folders of shorewall and shorewall6. */
    readonly stateFolder: string;
    readonly run: RunOptions;
  },
): Promise<Place | CommandError> {
  const { options, stateFolder, run } = given;
  const { program, iptables } = familyNames[family];
  const { block, how } = options;
  let saved: string;
  try {
    saved = await runHinted(commands, [`${iptables}-save`, '-t', 'filter'], run);
  } catch (error) {
    if (isFamilyMissing(error)) return error;
    throw error;
  }
  const table = parseTable(saved);
  if (!table.isRunning) {
    const why = await whyNotRunning(commands, program, run);
    if (why?.isAbsent) return why.error;
    if (why) throw why.error;
    // It runs with another variant of iptables than ours.
    return ProgramPlace.find(commands, { program, block }, run);
  }
  const set = family === 4 ? options.set : options.set6;
  const setFits = table.sets.has(set) && block === 'drop';
  if (how === 'ipset' || (how === 'auto' && setFits)) {
    if (!setFits) throw withoutSet(program, set, block);
    return SetPlace.find(commands, set, run);
  }
  if (how === 'program' || (how === 'auto' && table.dynamic === undefined)) {
    return ProgramPlace.find(commands, { program, block }, run);
  }
  if (table.dynamic === undefined) throw withoutChain(program);
  return new ChainPlace(commands, family, {
    table,
    block,
    isBeingChanged: () => isBeingChanged(program, stateFolder),
  });
}

function withoutSet(program: string, set: string, block: Options['block']): CommandError {
  if (block !== 'drop') {
    return new CommandError('REFUSED', `a set of ipset cannot ${block}`, {
      hint: 'write `block: drop`, or `how: chain`',
    });
  }
  return new CommandError('REFUSED', `${program} has no rule with the set ${set}`, {
    hint: `write DYNAMIC_BLACKLIST=ipset in its configuration and \`${program} restart\`, name its set here, or write \`how: auto\``,
  });
}

function withoutChain(program: string): CommandError {
  return new CommandError('REFUSED', `${program} has no chain dynamic`, {
    hint: `write DYNAMIC_BLACKLIST=Yes in its configuration and \`${program} restart\`, or write \`how: auto\``,
  });
}
