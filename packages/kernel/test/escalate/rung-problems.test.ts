import type { RungConfig } from '@remand/api';
import { describe, expect, it } from 'vitest';
import { rungProblems } from '../../src/escalate/rung-problems.ts';
import { jail, use } from '../kernel-rig.ts';
import { problemsOf } from '../plugins/loading.ts';

const hour = 3_600_000;
const week = 168 * hour;

function rung(given: Partial<RungConfig> = {}, index = 0): RungConfig {
  return {
    ...{ name: 'repeat', after: 3, withinMs: week, banTimeMs: week },
    path: ['escalation', index],
    ...given,
  };
}

const ever = rung({ name: 'ever', of: 'repeat', withinMs: 13 * week, banTimeMs: null }, 1);
const jails = [
  jail({ name: 'sshd', banTimeMs: hour }),
  jail({ name: 'web', banTimeMs: null }),
] as const;

const texts = (...rungs: readonly RungConfig[]) =>
  rungProblems(rungs, jails).map(({ path, message, hint }) => [path.join('.'), message, hint]);

describe(rungProblems.name, () => {
  it.each<[string, readonly RungConfig[]]>([
    ['a rung and one of it', [rung(), ever]],
    ['one that is met only just', [rung({ after: 7, withinMs: 6 * hour })]],
    ['other windows', [rung(), rung({ name: 'slow', withinMs: 4 * week }, 1)]],
    ['other jails', [rung(), rung({ name: 'web-only', jails: ['web'], after: 1 }, 1)]],
    ['one that counts nothing for now, its jail being switched off', [rung({ jails: [] })]],
  ])('is content with %s', (_what, rungs) => {
    expect(texts(...rungs)).toEqual([]);
  });

  it.each<[string, readonly RungConfig[], readonly (readonly [string, string, string])[]]>([
    [
      'a jail that does not exist',
      [rung({ jails: ['sshd', 'wbe'] })],
      [['escalation.0.jails.1', 'there is no jail named "wbe"', 'did you mean "web"?']],
    ],
    [
      'a rung that does not exist',
      [rung({ of: 'nothing' })],
      [['escalation.0.of', 'there is no rung named "nothing"', 'there are: none']],
    ],
    [
      'a circle',
      [rung({ of: 'ever' }), ever],
      [
        [
          'escalation.0.of',
          'goes round in a circle: repeat counts ever counts repeat',
          'one of them has to count bans: take its "of" out',
        ],
        [
          'escalation.1.of',
          'goes round in a circle: ever counts repeat counts ever',
          'one of them has to count bans: take its "of" out',
        ],
      ],
    ],
    [
      'jails beside of',
      [rung(), { ...ever, jails: ['sshd'] }],
      [
        [
          'escalation.1.jails',
          'does not go with "of": escalations are counted whatever jail began them',
          'take it out, or give it to rung repeat',
        ],
      ],
    ],
    [
      'more bans than there is time for',
      [rung({ after: 8, withinMs: 6 * hour })],
      [
        [
          'escalation.0.after',
          'can never fire: within 6h an address can be banned 7 times at most ' +
            '(sshd for 1h, web for forever), and it wants 8',
          'lower after, or lengthen within',
        ],
      ],
    ],
    [
      'more escalations than there is time for',
      [rung(), { ...ever, withinMs: 2 * week }],
      [
        [
          'escalation.1.after',
          'can never fire: within 2w an address can be banned 2 times at most ' +
            '(repeat for 1w), and it wants 3',
          'lower after, or lengthen within',
        ],
      ],
    ],
    [
      'the same conditions',
      [rung(), rung({ name: 'again', banTimeMs: 2 * week }, 1)],
      [
        [
          'escalation.1',
          'has the same conditions as rung repeat',
          'make one rung of them, with the longer banTime',
        ],
      ],
    ],
    [
      'a higher rung that is shorter',
      [rung(), rung({ name: 'higher', after: 5, banTimeMs: hour }, 1)],
      [
        [
          'escalation.1.banTime',
          'bans for 1h, shorter than rung repeat below it (1w)',
          'a higher rung has to ban longer',
        ],
      ],
    ],
    [
      'a rung that is shorter than what it counts',
      [rung(), { ...ever, banTimeMs: hour }],
      [
        [
          'escalation.1.banTime',
          'bans for 1h, shorter than rung repeat below it (1w)',
          'a higher rung has to ban longer',
        ],
      ],
    ],
  ])('refuses %s', (_what, rungs, problems) => {
    expect(texts(...rungs)).toEqual(problems);
  });

  it.each([
    ['ssh', 'there is a jail named "ssh"; jails and rungs share their names'],
    ['network', '"network" is a name that remand uses itself'],
    ['Rung!', 'the name of a rung must be 1 to 20 of a-z, 0-9 and -, got "Rung!"'],
    ['other', 'there are two rungs named "other"'],
  ])('refuses a rung named %s at the start', async (name, message) => {
    const other = rung({ name: 'other', after: 2, withinMs: hour }, 0);
    const path = ['escalation', 1, 'name'];

    const problems = await problemsOf({ escalation: [other, rung({ name }, 1)] });

    expect(problems).toEqual([{ path, message }]);
  });

  it('validates the actions of a rung as those of a jail', async () => {
    const actions = [use('memory', { list: 'x', port: 1 }), use('nothing')];
    const jails = [jail({ name: 'ssh', actions: [use('memory', { list: 'x', port: 2 })] })];

    const problems = await problemsOf({ jails, escalation: [rung({ actions })] });

    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('nothing'),
      'list x is given other options here than by ssh',
    ]);
  });
});
