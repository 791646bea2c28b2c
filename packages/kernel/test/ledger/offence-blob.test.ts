import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayHoldAddress, packOffences, unpackOffences } from '../../src/ledger/offence-blob.ts';

const address = fc.oneof(fc.ipV4(), fc.ipV6());
const offence = fc.record({
  jail: fc.constantFrom('sshd', 'nginx', 'postfix'),
  address,
  at: fc.nat(2 ** 42),
  // Lines hold anything, but never half a surrogate pair: they were decoded.
  line: fc.string({ unit: 'binary' }),
});

describe(packOffences.name, () => {
  it('keeps what was counted, in order, whatever the lines hold', () => {
    fc.assert(
      fc.property(fc.array(offence), (offences) => {
        const { data, newest } = packOffences(offences);

        expect(unpackOffences(data)).toEqual(offences);
        if (offences.length > 0) expect(newest).toBe(Math.max(...offences.map(({ at }) => at)));
      }),
    );
  });

  it('lets an address be looked for without unpacking', () => {
    const { data } = packOffences([{ jail: 'a', address: '192.0.2.10', at: 1, line: '192.0.2.1' }]);

    expect(mayHoldAddress(data, '192.0.2.10')).toBe(true);
    expect(mayHoldAddress(data, '192.0.2.100')).toBe(false);
  });
});

describe(unpackOffences.name, () => {
  it.each(['', '{', 'null', '[1]', '[["a"],0]'])('gives nothing for damaged bytes: %s', (text) => {
    expect(unpackOffences(Buffer.from(text))).toBeUndefined();
  });
});
