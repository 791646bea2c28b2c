import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandError, CommandStream } from '@remand/api';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createCommandRunner } from '../src/command-runner.ts';
import { missingHint } from '../src/missing-hint.ts';
import { memoryLogger } from './support/memory-logger.ts';

const runner = createCommandRunner();
const streams: CommandStream[] = [];

afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.stop();
});

function stream(...argv: string[]): CommandStream {
  const started = runner.stream(argv);
  streams.push(started);
  return started;
}

async function failureOf(work: Promise<unknown>): Promise<CommandError> {
  return work.then(
    () => Promise.reject(new Error('it should have failed')),
    (error: CommandError) => error,
  );
}

/** A killed orphan stays a zombie until init looks after it. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('run', () => {
  it('passes input and gives the output as it is', async () => {
    const text = 'ä line\nand another\n\n';

    expect(await runner.run(['cat'], { input: text })).toEqual({ stdout: text, stderr: '' });
  });

  it('gives an empty stdin without input', async () => {
    expect((await runner.run(['cat'])).stdout).toBe('');
  });

  it('passes arguments as they are, whatever they contain', async () => {
    const hostile = ['$(id)', '; id', '`id`', '"', '\\', 'a\nb', '*', ' '];

    const { stdout } = await runner.run(['printf', '%s\\0', ...hostile]);

    expect(stdout.split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('gives programs a fixed environment and nothing of its own', async () => {
    process.env.REMAND_SECRET = 'x';

    const { stdout } = await runner.run(['env']);

    delete process.env.REMAND_SECRET;
    const names = stdout.split('\n').map((line) => line.split('=')[0]);
    expect(names.filter((name) => name !== '').sort()).toEqual(['LC_ALL', 'PATH']);
    expect(stdout).toContain('LC_ALL=C\n');
    expect(stdout).toMatch(/^PATH=.*\/usr\/sbin/m);
  });

  it('moves 20 MB through a program', async () => {
    const input = '0123456789abcdef'.repeat(1_250_000);

    expect((await runner.run(['cat'], { input })).stdout.length).toBe(input.length);
  });

  it('does not mind a program that leaves its input unread', async () => {
    expect(await runner.run(['true'], { input: 'x'.repeat(1_000_000) })).toEqual({
      stdout: '',
      stderr: '',
    });
  });

  it('tells how a program failed', async () => {
    const error = await failureOf(runner.run(['ls', '/no\u001b[31m-such']));

    expect(error).toMatchObject({
      code: 'COMMAND_FAILED',
      exitCode: 2,
      timedOut: false,
      argv: ['ls', '/no\u001b[31m-such'],
    });
    expect(error.stderr).toContain('No such file');
    expect(error.message).toMatch(/^ls \S+ ended with 2: ls: cannot access/);
    expect(error.message + error.stderr).not.toContain('\u001b');
  });

  it('cuts what a program complains to 2 KiB', async () => {
    const error = await failureOf(runner.run(['ls', ...Array(100).fill(`/${'x'.repeat(100)}`)]));

    expect(error.stderr).toMatch(/…$/);
    expect(error.stderr?.length).toBe(2049);
    expect(error.message.length).toBeLessThan(500);
  });

  it('says what to do about a program that is missing', async () => {
    const unknown = await failureOf(runner.run(['no-such-program']));

    expect(missingHint('ip6tables')).toBe('install ip6tables: on Debian the package iptables');
    expect(unknown.code).toBe('COMMAND_MISSING');
    expect(unknown.hint).toMatch(/^install no-such-program, or put it into one of .*\/usr\/sbin/);
  });

  it('kills what does not end in time, with its children', async () => {
    const began = performance.now();

    const error = await failureOf(runner.run(['timeout', '60', 'sleep', '60'], { timeoutMs: 100 }));

    expect(error).toMatchObject({ code: 'COMMAND_TIMEOUT', timedOut: true });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('kills what is aborted, and starts nothing that was aborted before', async () => {
    const abort = new AbortController();
    const running = failureOf(runner.run(['sleep', '60'], { signal: abort.signal }));

    abort.abort();

    expect((await running).message).toBe('sleep 60 was cancelled');
    const { signal } = abort;
    expect((await failureOf(runner.run(['cat'], { signal }))).message).toContain('before it began');
  });

  it('fails with a sentence for an argument that no program can have', async () => {
    expect(await failureOf(runner.run(['printf', 'a\0b']))).toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(/^printf a\\x00b could not be started: .*null/),
    });
    expect(() => runner.stream(['printf', 'a\0b'])).toThrow(/^printf a\\x00b could not be/);
  });

  it('logs the program and its time, but no data', async () => {
    const logger = memoryLogger();

    await createCommandRunner({ logger }).run(['printf', 'secret']);

    expect(logger.lines).toEqual([
      { level: 'debug', event: 'command', fields: expect.objectContaining({ program: 'printf' }) },
    ]);
    expect(JSON.stringify(logger.lines)).not.toContain('secret');
  });
});

describe('stream', () => {
  it('gives back lines as they come', async () => {
    const cat = stream('cat');
    const lines = cat.lines[Symbol.asyncIterator]();

    await cat.write('one\ntwo\nthr');
    const first = [await lines.next(), await lines.next()];
    await cat.write('ee\n');
    const last = await lines.next();

    expect([...first, last].map(({ value }) => value)).toEqual(['one', 'two', 'three']);
  });

  it('reads no faster than it is read from, and loses nothing', async () => {
    const seq = stream('seq', '200000');
    await new Promise((resolve) => setTimeout(resolve, 100));

    let count = 0;
    for await (const line of seq.lines) expect(line).toBe(String(++count));

    expect(count).toBe(200_000);
    expect(await seq.exited).toEqual({ exitCode: 0, stderr: '' });
  });

  it('cuts a line at 1 MiB and goes on with the next', async () => {
    const cat = stream('cat');
    const lines = cat.lines[Symbol.asyncIterator]();

    await Promise.all([
      cat.write(`${'x'.repeat(3_000_000)}\nnext\n`),
      (async () => {
        expect((await lines.next()).value?.length).toBe(1024 * 1024);
        expect((await lines.next()).value).toBe('next');
      })(),
    ]);
  });

  it('keeps the last words of a program that failed', async () => {
    const { exitCode, stderr } = await stream('ls', '/no-such').exited;

    expect(exitCode).toBe(2);
    expect(stderr).toContain('No such file');
  });

  it.each(['no-such-program', '/no/such/program'])('ends early for %s', async (program) => {
    const missing = stream(program);

    expect((await missing.exited).exitCode).not.toBe(0);
    for await (const line of missing.lines) expect.fail(line);
    await expect(missing.write('x')).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
  });

  it('refuses to write to a program that has ended', async () => {
    const done = stream('true');
    await done.exited;

    await expect(done.write('x\n')).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('has ended and takes no more input'),
    });
  });

  it('stops a program twice, and its lines end', async () => {
    const sleep = stream('sleep', '60');
    const lines = sleep.lines[Symbol.asyncIterator]();
    const next = lines.next();

    await Promise.all([sleep.stop(), sleep.stop()]);

    expect(await next).toEqual({ done: true, value: undefined });
    expect((await sleep.exited).exitCode).toBeNull();
  });

  it('kills a program that ignores SIGTERM after a second', async () => {
    const stubborn = stream('env', '--ignore-signal=TERM', 'sleep', '60');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();

    await stubborn.stop();

    expect(performance.now() - began).toBeGreaterThan(900);
    expect((await stubborn.exited).exitCode).toBeNull();
  });

  it('leaves no child behind when the parent gets kill -9', async () => {
    const fixture = fileURLToPath(new URL('support/stream-then-wait.ts', import.meta.url));
    const parent = spawn(process.execPath, [fixture], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    await once(parent.stdout, 'data');
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8');
    const child = Number(children);
    expect(readFileSync(`/proc/${child}/comm`, 'utf8')).toBe('tail\n');

    parent.kill('SIGKILL');

    await once(parent, 'exit');
    await expect.poll(() => isRunning(child), { timeout: 3000 }).toBe(false);
  });
});
