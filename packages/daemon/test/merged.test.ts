import { describe, expect, it } from 'vitest';
import { createCommandRunner } from '../src/command-runner.ts';
import { merged } from '../src/merged.ts';

async function* counted(name: string, to: number) {
  for (let count = 1; count <= to; count++) yield `${name}${count}`;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

describe(merged.name, () => {
  it('gives all of all, in the order of each, and lets nobody wait for a busy one', async () => {
    const items = await all(merged([counted('a', 100), counted('b', 2), counted('c', 0)]));

    expect(items.filter((item) => item.startsWith('a'))).toHaveLength(100);
    expect(items.indexOf('b1')).toBeLessThan(items.indexOf('b2'));
    expect(items.indexOf('b2')).toBeLessThan(10);
  });

  it('fails as one of them fails', async () => {
    const failing = async function* (): AsyncGenerator<string, undefined> {
      yield 'one';
      throw new Error('made to fail by the test');
    };

    await expect(all(merged([counted('a', 3), failing()]))).rejects.toThrow('made to fail');
  });
});

describe('stream', () => {
  it('gives the lines of stderr too where they are asked for', async () => {
    const argv = [process.execPath, '-e', 'console.log("out"); console.error("err")'];
    const child = createCommandRunner().stream(argv, { withStderr: true });

    const lines = await all(child.lines);

    expect(lines.sort()).toEqual(['err', 'out']);
    expect(await child.exited).toEqual({ exitCode: 0, stderr: '' });
  });
});
