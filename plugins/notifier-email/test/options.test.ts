import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';

const good = {
  to: 'root@localhost',
  from: 'remand@localhost',
  smtp: { host: 'localhost', port: 25 },
};

function mistakes(options: unknown): readonly string[] {
  const { error } = plugin.options.safeParse(options);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the options of email', () => {
  it('take the least', () => {
    expect(plugin.options.parse(good)).toEqual({ ...good, to: ['root@localhost'] });
    expect(mistakes({ to: good.to, from: good.from, sendmail: {} })).toEqual([]);
  });

  it.each([
    ['no way out', { smtp: undefined }, /either smtp or sendmail/],
    ['two ways out', { sendmail: {} }, /either smtp or sendmail/],
    ['nobody', { to: [] }, /^to: an address/],
    ['a name and brackets', { to: 'Root <root@localhost>' }, /^to: an address/],
    ['a second header', { to: 'root@localhost\r\nBcc: x@y.zz' }, /^to: an address/],
    ['an option', { to: '-oQ/tmp@localhost' }, /^to: an address/],
    ['two in one', { to: 'a@b.org,c@d.org' }, /^to: an address/],
    ['a route', { from: '@a:b@c' }, /^from: an address/],
    ['a host with a line end', { smtp: { host: 'a\r\nb' } }, /smtp.host: a host name/],
    ['a user with a line end', auth({ user: 'a\r\nb', passwordEnv: 'P' }), /control characters/],
    ['a password in the rc', auth({ user: 'me', password: 'hunter2' }), /smtp.auth: /],
    ['two passwords', auth({ user: 'me', passwordFile: '/p', passwordEnv: 'P' }), /either/],
    ['no password', auth({ user: 'me' }), /either passwordFile or passwordEnv/],
    [
      'a login in the clear',
      { smtp: { security: 'none', auth: { user: 'me', passwordEnv: 'P' } } },
      /smtp.security: "starttls" or "tls"/,
    ],
    ['a relative program', { smtp: undefined, sendmail: { command: ['sendmail'] } }, /absolute/],
    ['a word too many', { cc: 'root@localhost' }, /cc/],
  ])('refuse %s', (_what, change, wanted) => {
    const found = mistakes({ ...good, ...change });

    expect(found.join('\n')).toMatch(wanted);
    expect(found.join('\n')).not.toContain('hunter2');
  });
});

function auth(given: object) {
  return { smtp: { auth: given } };
}
