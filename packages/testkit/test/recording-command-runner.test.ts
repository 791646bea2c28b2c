import { describe, expect, it } from 'vitest';
import { FakeCommandStream, RecordingCommandRunner } from '../src/index.ts';

describe(RecordingCommandRunner.name, () => {
  it('records argv and input, and answers by the longest beginning', async () => {
    const runner = new RecordingCommandRunner({
      nft: 'short',
      'nft list': (argv) => argv.slice(2).join('+'),
      'nft lis': 'not a whole word',
      false: new Error('ended with 1'),
    });

    const answers = [
      await runner.run(['nft', 'list', 'table', 'x'], { input: 'text' }),
      await runner.run(['nft', '-f', '-']),
      await runner.run(['other']),
    ];

    expect(answers.map((answer) => answer.stdout)).toEqual(['table+x', 'short', '']);
    expect(runner.lines).toEqual(['nft list table x', 'nft -f -', 'other']);
    expect(runner.runs[0]?.input).toBe('text');
    await expect(runner.run(['false'])).rejects.toThrow('ended with 1');
  });

  it('fails as often as it is told, and when the signal is aborted', async () => {
    const runner = new RecordingCommandRunner(() => 'fine');

    runner.failNext(2);

    await expect(runner.run(['a'])).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
    await expect(runner.run(['a'])).rejects.toMatchObject({ exitCode: 1 });
    await expect(runner.run(['a'])).resolves.toMatchObject({ stdout: 'fine' });
    await expect(runner.run(['a'], { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});

describe(FakeCommandStream.name, () => {
  it('gives the lines that a test feeds until the program ends', async () => {
    const runner = new RecordingCommandRunner();
    const stream = runner.stream(['nft', 'monitor']);
    const read = gather(stream.lines);

    runner.streams[0]?.feed('one', 'two');
    await stream.write('ping');
    runner.streams[0]?.feed('three');
    runner.streams[0]?.end(3, 'gone');

    expect(await read).toEqual(['one', 'two', 'three']);
    expect(await stream.exited).toEqual({ exitCode: 3, stderr: 'gone' });
    expect(runner.streams[0]?.written).toEqual(['ping']);
    await expect(stream.write('late')).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
  });
});

async function gather(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const gathered: string[] = [];
  for await (const line of lines) gathered.push(line);
  return gathered;
}
