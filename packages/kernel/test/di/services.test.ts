import 'reflect-metadata';
import { kernelToken } from '@remand/api';
import { container } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import { Services } from '../../src/di/services.ts';

const word = kernelToken<string>('test-word');

describe(Services, () => {
  it('throws for a token that nothing is registered for, instead of passing undefined on', () => {
    expect(() => Services.root().get(word)).toThrow(
      /nothing is registered for remand\/test-word@1/,
    );
  });

  it('keeps a value of the root when the child that asked first is gone', () => {
    const root = Services.root();
    root.provide(word, 'kept');
    root.child().get(word);

    expect(root.child().get(word)).toBe('kept');
  });

  it('keeps what a child has from its siblings and from the root', () => {
    const root = Services.root();
    root.provide(word, 'root');
    const child = root.child();
    child.provide(word, 'child');

    expect(child.get(word)).toBe('child');
    expect(root.child().get(word)).toBe('root');
    expect(root.get(word)).toBe('root');
  });

  it('shares nothing between two kernels and leaves the global container empty', () => {
    Services.root().provide(word, 'one');

    expect(Services.root().has(word)).toBe(false);
    expect(container.isRegistered(word)).toBe(false);
  });
});
