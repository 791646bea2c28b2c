import { describe, expect, it } from 'vitest';
import { modes, offer, samples } from './support.ts';

const matches = samples.filter(({ mode }) => mode !== '-' && mode !== '+');
const innocent = samples.filter(({ mode }) => mode === '-' || mode === '+');

describe('sshd', () => {
  it.each(matches)('says who: $message', ({ mode, address, user, message }) => {
    const expected = user === undefined ? { address } : { address, user };

    for (const each of modes) {
      const found = offer(each, message);
      const recognised = mode === 'normal' || each === mode || each === 'aggressive';
      expect(found, each).toEqual(recognised ? expected : undefined);
    }
  });

  it.each(innocent)('is silent about: $message', ({ message }) => {
    for (const mode of modes) expect(offer(mode, message)).toBeUndefined();
  });

  it.each(matches)('needs the whole of: $message', ({ message, shape }) => {
    const openEnded =
      /Received disconnect|Protocol major|banner exchange|penalty|ssh[12]: |: Too many|: Change|Their offer/;
    if (openEnded.test(message)) return;

    expect(offer('aggressive', `${message} x`), shape).toBeUndefined();
    expect(offer('aggressive', `x ${message}`), shape).toBeUndefined();
  });
});
