import { accessSync, constants } from 'node:fs';
import type { CommandRunner } from '@remand/api';

/** Why a real firewall cannot be shown here, as the rest of "because …"; undefined if it can. */
export async function whyNoFirewall(commands: CommandRunner): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'this is not root';
  for (const [program, name] of Object.entries({ nft: 'nftables', ip: 'iproute2' })) {
    if (!isInstalled(program)) return `${program} is not installed (package ${name})`;
  }
  const probe = `remand-demo-probe-${process.pid}`;
  try {
    await commands.run(['ip', 'netns', 'add', probe]);
    await commands.run(['ip', 'netns', 'exec', probe, 'nft', 'list', 'ruleset']);
    return undefined;
  } catch {
    return 'network namespaces or nftables do not work here (a container without the right?)';
  } finally {
    await commands.run(['ip', 'netns', 'delete', probe]).catch(() => undefined);
  }
}

function isInstalled(program: string): boolean {
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin'].some((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
