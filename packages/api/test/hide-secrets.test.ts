import { describe, expect, it } from 'vitest';
import { hideSecrets } from '../src/index.ts';

describe(hideSecrets.name, () => {
  it.each([
    [{ password: 'x' }, { password: '***' }],
    [
      { smtp: { auth: { smtpPassword: 'x', user: 'me' } } },
      { smtp: { auth: { smtpPassword: '***', user: 'me' } } },
    ],
    [
      [{ Authorization: 'Bearer x', 'X-Api-Key': 'x' }],
      [{ Authorization: '***', 'X-Api-Key': '***' }],
    ],
    [
      { key: 7, token: null, passphrase: 'x' },
      { key: '***', token: '***', passphrase: '***' },
    ],
    [
      { passwordFile: '/p', tokenEnv: 'T', monkey: 'x' },
      { passwordFile: '/p', tokenEnv: 'T', monkey: 'x' },
    ],
    [{ headers: { Key: { file: '/k' } } }, { headers: { Key: { file: '/k' } } }],
    ['password', 'password'],
    [null, null],
  ])('shows %j as %j', (value, shown) => {
    expect(hideSecrets(value)).toEqual(shown);
  });
});
