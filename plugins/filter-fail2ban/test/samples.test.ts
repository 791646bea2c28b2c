import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { filterWith, offer, samples } from './support.ts';

const bans = samples.filter(({ form }) => form !== 'none' && form !== 'except');
const others = samples.filter(({ form }) => form === 'none');
const excepted = samples.filter(({ form }) => form === 'except');
const filter = filterWith();

describe('fail2ban', () => {
  it.each(bans)('counts: $program $message', ({ program, address, message }) => {
    expect(offer(filter, message, program)).toEqual({ address });
  });

  it.each(others)('is silent about: $program $message', ({ program, message }) => {
    expect(offer(filter, message, program)).toBeUndefined();
    expect(offer(filterWith([]), message, program)).toBeUndefined();
  });

  it.each(excepted)('leaves out by default: $message', ({ program, message }) => {
    expect(offer(filter, message, program)).toBeUndefined();
    expect(offer(filterWith([]), message, program)).toEqual({ address: '203.0.113.5' });
  });

  it.each(bans)('leaves out what it is told to: $message', ({ program, jail, message }) => {
    expect(offer(filterWith(['other', jail]), message, program)).toBeUndefined();
    expect(offer(filterWith([`${jail}x`, jail.slice(1), '']), message, program)).toBeDefined();
  });

  it('knows a jail whose name is not ASCII, which a line holds byte by byte', () => {
    const line = Buffer.from('[bücher] Ban 203.0.113.5', 'utf8').toString('latin1');

    expect(offer(filterWith(['bücher']), line, 'fail2ban')).toBeUndefined();
    expect(offer(filter, line, 'fail2ban')).toEqual({ address: '203.0.113.5' });
  });

  it.each(bans)('needs the whole of: $message', ({ program, message }) => {
    expect(offer(filter, `${message} x`, program)).toBeUndefined();
    expect(offer(filter, `x ${message}`, program)).toBeUndefined();
    expect(offer(filter, `${message} `, program)).toBeUndefined();
  });

  it.each(bans)('believes no other program: $program $message', ({ program, message }) => {
    for (const other of ['sshd', 'cron', 'fail2ban.filter', '', 'fail2ban.actions.x']) {
      expect(offer(filter, message, other)).toBeUndefined();
    }
    // Nor the message of one header behind another.
    if (program === undefined) {
      expect(offer(filter, message, 'fail2ban.actions')).toBeUndefined();
    } else if (!message.startsWith('fail2ban.')) {
      expect(offer(filter, message)).toBeUndefined();
    }
  });

  it('takes no option that it does not know, and no jail without a name', () => {
    const validate = (options: unknown) => plugin.options['~standard'].validate(options);

    expect(validate({})).toEqual({ value: { except: ['fail2ban', 'recidive', 'remand'] } });
    expect(validate({ jails: ['sshd'] })).toHaveProperty('issues');
    expect(validate({ except: [''] })).toHaveProperty('issues');
    expect(validate({ except: 'recidive' })).toHaveProperty('issues');
  });
});
