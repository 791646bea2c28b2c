import { FakeClock, type NotifierRig, notifierContract, type Trouble } from '@remand/testkit';
import { describe, it } from 'vitest';
import plugin from '../src/index.ts';
import { HttpServer, hang, status } from './support/http-server.ts';

const answers = {
  'refuses for a time': status(503, {}, 'come back'),
  'refuses for good': status(400, {}, 'no'),
  hangs: hang,
};

async function setUp(format?: object): Promise<NotifierRig> {
  const server = await HttpServer.start();
  return {
    options: { url: server.url, host: 'web1', ...(format && { format }) },
    clock: new FakeClock(),
    arrived: async () => server.taken.map(({ body }) => texts(JSON.parse(body)).join('\n')),
    trouble: (what: Trouble | undefined) => {
      server.always = what && answers[what];
    },
    tearDown: () => server.stop(),
  };
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('webhook keeps the contract of notifiers', () => {
  for (const { title, run } of notifierContract({ plugin, setUp })) it(title, run);
});

describe('webhook with a template keeps it', () => {
  const format = { template: { text: 'remand: {{title}}', all: ['{{notices}}'] } };
  for (const { title, run } of notifierContract({ plugin, setUp: () => setUp(format) })) {
    it(title, run);
  }
});
