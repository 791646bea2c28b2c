import { createCommandRunner } from '../../src/command-runner.ts';

// `tail` does not end by itself when its stdin does, as `cat` would.
const child = createCommandRunner().stream(['tail', '-f', '/dev/stdin', import.meta.filename]);
for await (const line of child.lines) if (line !== '') process.stdout.write('started\n');
