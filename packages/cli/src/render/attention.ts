import { formatDuration, type Health, type NotifierStatus, type StatusReport } from '@remand/api';
import { neighbourConcerns } from './neighbours.ts';
import { stillSeenConcerns } from './still-seen.ts';

/** Something that does not work as promised, and what to do about it. */
export interface Concern {
  readonly what: string;
  readonly reason: string;
  readonly hint?: string;
}

/** Everything in a status that somebody should look at, the worst first. */
export function concerns(status: StatusReport): Concern[] {
  return [
    ...ofState(status),
    ...ofLists(status),
    ...stillSeenConcerns(status),
    ...ofJails(status),
    ...ofTheRest(status),
    ...neighbourConcerns(status.neighbours),
  ];
}

function ofState({ state }: StatusReport): Concern[] {
  const found = ofHealth('state', state);
  if (state.unrecorded > 0) {
    found.push({ what: 'state', reason: `${state.unrecorded} bans are enforced but not recorded` });
  }
  return found;
}

function ofLists({ lists }: StatusReport): Concern[] {
  return lists.flatMap((list) => {
    const what = `list ${list.list}`;
    const found = ofHealth(what, list);
    if (list.paused) {
      const reason = 'paused by flush: nothing is enforced';
      found.push({ what, reason, hint: "'remand reload' enforces it again" });
    } else if (list.notEnforced > 0) {
      const hint = "'remand bans' shows which, and why";
      found.push({ what, reason: `${list.notEnforced} addresses are not enforced`, hint });
    }
    return found;
  });
}

function ofJails({ jails }: StatusReport): Concern[] {
  return jails.flatMap((jail) => {
    const what = `jail ${jail.name}`;
    const found = ofHealthOfJail(jail);
    if (jail.lines > 0 && jail.dated === 0) {
      const reason = `none of ${jail.lines} lines begins with a time that was understood`;
      found.push({ what, reason, hint: 'backlog cannot be dated; see the option header: none' });
    }
    if (jail.tracked.evicted > 0) {
      const reason = `${jail.tracked.evicted} addresses were forgotten: ${jail.tracked.cap} are counted at most`;
      found.push({ what, reason });
    }
    const hint = skewHint(jail.skewSeconds);
    if (hint !== undefined) {
      found.push({ what, reason: `its log's clock is ${skewText(jail.skewSeconds)}`, hint });
    }
    return found;
  });
}

/** A jail is degraded when a source of it is: that is said once, and names the source once. */
function ofHealthOfJail(jail: StatusReport['jails'][number]): Concern[] {
  const what = `jail ${jail.name}`;
  const ofSources = jail.sources.flatMap((source) => {
    const isNamed = source.state !== 'ok' && source.reason.includes(source.label);
    return ofHealth(isNamed ? what : `${what}, ${source.label}`, source);
  });
  const said = new Set(ofSources.map(({ reason }) => reason));
  return [...ofHealth(what, jail).filter(({ reason }) => !said.has(reason)), ...ofSources];
}

function ofTheRest(status: StatusReport): Concern[] {
  const found = status.notifiers.flatMap(ofNotifier);
  for (const problem of status.neverBan.problems) {
    const hint = 'its last good answer is kept; correct the name or the resolver';
    found.push({ what: 'neverBan', reason: problem, hint });
  }
  const { fuse } = status;
  if (fuse.tripped) {
    const within = formatDuration(fuse.withinMs);
    const reason = `more than ${fuse.bans} bans in ${within}: no new range bans and no new rungs`;
    found.push({ what: 'fuse', reason, hint: "if that is right: 'remand fuse reset'" });
  }
  return found;
}

function ofNotifier(notifier: NotifierStatus): Concern[] {
  const what = `notifier ${notifier.name}`;
  const found = ofHealth(what, notifier);
  const { refused } = notifier;
  if (refused) {
    const tried = "correct its options, and try them with 'remand check --notify'";
    const reason = `${counted(refused.notices)} refused for good: ${refused.reason}`;
    found.push({ what, reason, hint: refused.hint ?? tried });
  }
  const dropped = otherwiseDropped(notifier);
  if (dropped > 0) {
    const hint = "'remand why ADDRESS' says of each what was not told, and why";
    found.push({ what, reason: `${counted(dropped)} given up`, hint });
  }
  return found;
}

/** Notices that nobody gets and that were not refused: there were too many, or they were too old. */
export function otherwiseDropped({ dropped, refused }: NotifierStatus): number {
  return dropped - (refused?.notices ?? 0);
}

function counted(notices: number): string {
  return notices === 1 ? 'one notice was' : `${notices} notices were`;
}

function ofHealth(what: string, health: Health): Concern[] {
  return health.state === 'ok' ? [] : [{ what, reason: health.reason, hint: health.hint }];
}

/** `1h ahead`, `12s behind`, `right`, `not known yet`. */
export function skewText(seconds: number | null): string {
  if (seconds === null) return 'not known yet';
  if (Math.abs(seconds) < 1) return 'right';
  const size = formatDuration(Math.abs(seconds) * 1000);
  return `${size} ${seconds > 0 ? 'ahead' : 'behind'}`;
}

/** Zones differ by whole quarters of an hour; a clock that is wrong rarely does. */
export function skewHint(seconds: number | null): string | undefined {
  const size = Math.abs(seconds ?? 0);
  const quarters = Math.round(size / 900);
  if (quarters < 1 || Math.abs(size - quarters * 900) > 60) return undefined;
  return 'that looks like another time zone: set timeZone of the source';
}
