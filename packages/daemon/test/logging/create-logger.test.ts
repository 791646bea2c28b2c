import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logging/create-logger.ts';
import { FileSink } from '../../src/logging/file-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';

class Captured extends Writable {
  text = '';
  override _write(chunk: unknown, _encoding: string, done: () => void) {
    this.text += String(chunk);
    done();
  }
}

describe(createLogger.name, () => {
  it('writes what is at least of its level', async () => {
    const stderr = new Captured();
    const logger = createLogger({ level: 'info', format: 'text', stderr, colour: true });

    logger.debug('hidden');
    logger.info('shown', { a: 1 });
    await logger.close();

    expect(stderr.text).toMatch(/ info {2}shown +a=1\n$/);
    expect(stderr.text).not.toContain('hidden');
  });

  it('writes to the file instead of stderr, without colours', async () => {
    const file = join(tempFolder(), 'remand.log');
    const stderr = Object.assign(new Captured(), { isTTY: true });
    const logger = createLogger({ level: 'info', format: 'text', file, stderr, colour: true });

    logger.info('shown', { a: 1 });
    await logger.close();

    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/ info {2}shown +a=1\n$/);
    expect(text).not.toContain('\x1b');
    expect(stderr.text).toBe('');
  });

  it('says on stderr why the file fails, and writes there what the file would have got', async () => {
    const folder = join(tempFolder(), 'later');
    const file = join(folder, 'remand.log');
    const stderr = new Captured();
    const logger = createLogger({ level: 'info', format: 'json', file, stderr, colour: false });

    // The first while the file is being opened, the second when that has failed.
    logger.info('one');
    await expect.poll(() => stderr.text).toContain('one');
    logger.info('two');
    await logger.close();

    const events = stderr.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toMatchObject([
      { event: 'log-file-failed', level: 'warn', file, reason: expect.stringContaining('ENOENT') },
      { event: 'one' },
      { event: 'two' },
    ]);
  });

  it('writes as it is told to from now on', async () => {
    const [first, second] = ['a.log', 'b.log'].map((name) => join(tempFolder(), name));
    const stderr = new Captured();
    const listeners = () => stderr.listenerCount('error');
    const logger = createLogger({
      level: 'info',
      format: 'text',
      file: first,
      stderr,
      colour: false,
    });
    const before = listeners();
    logger.info('one');

    logger.configure({ level: 'debug', format: 'json', file: second });
    logger.debug('two');
    logger.configure({ level: 'warn', format: 'json' });
    logger.info('hidden');
    logger.warn('three');
    await logger.close();

    expect(JSON.parse(stderr.text)).toMatchObject({ level: 'warn', event: 'three' });
    const read = (path = '') => readFileSync(path, { encoding: 'utf8', flag: 'a+' });
    await expect.poll(() => read(first)).toMatch(/^.* info {2}one\n$/);
    await expect.poll(() => read(second)).toMatch(/^{.*"event":"two".*}\n$/);
    expect(listeners()).toBe(before);
  });

  it('keeps its own level and time, whatever the fields are called', async () => {
    const stderr = new Captured();
    const logger = createLogger({ level: 'info', format: 'json', stderr, colour: false });

    logger.info('e', { message: 'm', stack: 's', count: 1 });
    await logger.close();

    expect(JSON.parse(stderr.text)).toMatchObject({
      level: 'info',
      event: 'e',
      message: 'm',
      stack: 's',
    });
  });

  it('goes on when stderr is closed, and when the file cannot be written', async () => {
    const stderr = new Captured();
    stderr.destroy(new Error('EPIPE'));
    const logger = createLogger({
      level: 'info',
      format: 'text',
      file: '/proc/none/x',
      stderr,
      colour: false,
    });

    for (let i = 0; i < 100; i++) logger.info('e', { i });
    await logger.close();
    logger.info('after the end');
  });

  it('drops lines for a reader that does not read, and says how many', async () => {
    const pending: (() => void)[] = [];
    const stuck = new Captured();
    stuck._write = (_chunk, _encoding, done) => void pending.push(done);
    const logger = createLogger({ level: 'info', format: 'text', stderr: stuck, colour: false });

    for (let i = 0; i < 3_000; i++) logger.info('e', { text: 'x'.repeat(1_000) });
    const queued = stuck.writableLength;
    stuck._write = Captured.prototype._write;
    pending.forEach((done) => {
      done();
    });
    await new Promise((resolve) => setImmediate(resolve));
    logger.info('last');
    await logger.close();

    expect(queued).toBeLessThan(1_100_000);
    expect(stuck.text).toMatch(/log-lines-lost +dropped=\d{4}\n.*last\n$/);
  });
});

describe(FileSink.name, () => {
  it('tells once that it fails, and again only when it could write in between', async () => {
    const folder = join(tempFolder(), 'later');
    const path = join(folder, 'remand.log');
    let now = 0;
    const failures: string[] = [];
    const onFailure = ({ message }: Error) => void failures.push(message);
    const sink = new FileSink({ path, monotonic: () => now, everyMs: 1_000, onFailure });
    const write = (text: string) => {
      now += 1_000;
      return new Promise((resolve) => {
        if (!sink.write(text, (error) => resolve(error ? 'failed' : 'written'))) resolve('refused');
      });
    };

    expect(await write('a\n')).toBe('failed');
    expect(await write('b\n')).toBe('failed');
    expect(failures).toHaveLength(1);

    mkdirSync(folder);
    await expect.poll(() => write('c\n')).toBe('written');
    rmSync(folder, { recursive: true });
    await expect.poll(() => write('d\n')).toBe('failed');
    expect(failures).toHaveLength(2);
    sink.close();
  });

  it('goes on in a new file when the old one was rotated away', async () => {
    const path = join(tempFolder(), 'remand.log');
    let now = 0;
    const sink = new FileSink({ path, monotonic: () => now, everyMs: 1_000 });
    sink.write('one\n');
    await sink.drain(1_000);
    renameSync(path, `${path}.1`);
    now = 1_000;
    sink.write('two\n');
    await expect.poll(() => readFileSync(path, { encoding: 'utf8', flag: 'a+' })).toBe('');
    sink.write('three\n');
    await sink.drain(1_000);

    expect(readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8')).toBe(
      'one\ntwo\nthree\n',
    );
    sink.close();
  });
});
