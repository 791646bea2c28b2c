import { link, mkdir, open, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { CommandError, type CommandRunner, ConfigError, printable, reasonOf } from '@remand/api';
import { checkRc } from '../check-rc.ts';
import { createCommandRunner } from '../command-runner.ts';
import { findFirewall } from './find-firewall.ts';
import { findServices } from './find-services.ts';
import type { FoundMachine } from './found.ts';
import { writeRc } from './write-rc.ts';

export interface InitChoice {
  /** What `-c` names. Default: where root's rc file is looked for, else the current folder. */
  readonly rc?: string;
  /** Observe first. */
  readonly observe?: boolean;
  /** Only say what would be written. */
  readonly dryRun?: boolean;
}

export interface InitReport extends FoundMachine {
  /** Where it was written; null when it was only asked for. */
  readonly file: string | null;
  readonly text: string;
}

/**
 * Looks at this machine and writes an rc file with the jails that fit. Never in the place of another.
 * @throws ConfigError USAGE when there is one already, CommandError when it cannot be written
 */
export async function initRc(
  choice: InitChoice,
  given: {
    readonly commands?: CommandRunner;
    readonly env?: Readonly<Record<string, string | undefined>>;
  } = {},
): Promise<InitReport> {
  const { commands = createCommandRunner(), env = process.env } = given;
  const found: FoundMachine = {
    ...(await findServices(commands)),
    firewall: await findFirewall(commands),
    peer: peerOf(env.SSH_CONNECTION),
  };
  const text = writeRc(found, { observe: choice.observe === true });
  if (choice.dryRun) return { ...found, file: null, text };
  const file = resolve(
    choice.rc ?? (process.getuid?.() === 0 ? '/etc/remand/remand.yaml' : 'remand.yaml'),
  );
  await writeNew(file, text);
  return { ...found, file, text };
}

/** sshd(8): the client's address, its port, ours. */
function peerOf(connection: string | undefined): string | undefined {
  const address = connection?.split(' ')[0] ?? '';
  return isIP(address) === 0 ? undefined : address;
}

/** Whole or not at all, only if it is in order, and never in the place of another. */
async function writeNew(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.yaml`;
  await mkdir(dirname(file), { recursive: true }).catch((error) => refuse(file, error));
  try {
    await writeDraft(draft, text);
    const [wrong] = (await checkRc({ rc: draft })).problems;
    if (wrong) throw new Error(`what was made is not in order: ${wrong.message}`);
    // Unlike rename it does not take the place of a file that is there.
    await link(draft, file);
  } catch (error) {
    if (Object(error).code !== 'EEXIST') refuse(file, error);
    throw new ConfigError('USAGE', `${printable(file, 400)} is there already, and stays as it is`, {
      hint: 'remand init --print shows what would be written; -c names another file',
    });
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(draft: string, text: string): Promise<void> {
  const handle = await open(draft, 'wx', 0o640);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refuse(file: string, error: unknown): never {
  const reason = printable(reasonOf(error), 300);
  throw new CommandError('RC_UNWRITABLE', `${printable(file, 400)} cannot be written: ${reason}`);
}
