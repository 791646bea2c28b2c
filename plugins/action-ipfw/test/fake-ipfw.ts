import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandRunner } from '@remand/api';
import { localCommands } from '../../../test/support/local-commands.ts';

export interface FakeKernel {
  readonly tables: Record<string, { type: string; keys: string[] }>;
  readonly rules: [number, string][];
}

/** A folder with a program `ipfw` in it that keeps its tables in a file. */
export class FakeIpfw {
  readonly #folder = mkdtempSync(join(tmpdir(), 'remand-ipfw-'));
  readonly commands: CommandRunner = localCommands(this.#folder);

  constructor(kernel: FakeKernel) {
    const program = join(this.#folder, 'ipfw');
    const argv = [process.execPath, join(import.meta.dirname, 'fake-ipfw.js'), this.#file];
    writeFileSync(program, `#!/bin/sh\nexec ${argv.join(' ')} "$@"\n`);
    chmodSync(program, 0o755);
    this.kernel = kernel;
  }

  get kernel(): FakeKernel {
    return JSON.parse(readFileSync(this.#file, 'utf8'));
  }

  set kernel(kernel: FakeKernel) {
    writeFileSync(this.#file, JSON.stringify(kernel));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, 'kernel.json');
  }
}
