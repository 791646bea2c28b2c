import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDaemon } from './firewall.ts';
import { inAndOut } from './in-and-out.ts';
import type { Row } from './row.ts';

/** A thousand bans at once into a hosts.deny and out again. */
export async function hostsDenyRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'remand-bench-'));
  const path = join(folder, 'hosts.deny');
  writeFileSync(path, '# of the administrator\nALL: 203.0.113.20\n');
  const held = () => readFileSync(path, 'latin1').split(' 198.18.').length - 1;
  const actions = `[{ hosts-deny: { path: ${path} } }]`;
  try {
    return await withDaemon({ banTime: '1h', actions }, (daemon) =>
      inAndOut({ daemon, count: 1_000, where: 'hosts.deny', held }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
