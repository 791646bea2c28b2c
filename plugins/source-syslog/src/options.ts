import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { isSender } from './allow-list.ts';
import { isLoopback, parseListenAddress } from './listen-address.ts';

const listenForm = "wanted a port, '192.0.2.1:514' or '[2001:db8::1]:514'";

const listen = z
  .union([z.int(), z.string()], listenForm)
  .refine((value) => parseListenAddress(value) !== undefined, { error: listenForm });

/** Bytes of sun_path in unix(7), with the zero at its end. */
const longestPath = 107;

const loopback = ['127.0.0.0/8', '::1'];

export const syslogOptions = z
  .strictObject({
    udp: listen
      .optional()
      .describe('Where to listen for datagrams: a port of 127.0.0.1, or an address with a port.'),
    tcp: listen
      .optional()
      .describe('Where to listen for connections; octet counting and lines are both understood.'),
    unix: z
      .string()
      .refine(
        (path) =>
          isAbsolute(path) && !path.includes('\0') && Buffer.byteLength(path) <= longestPath,
        {
          error: `wanted an absolute path of at most ${longestPath} bytes`,
        },
      )
      .optional()
      .describe('The path of a Unix socket (of streams: Node has none of datagrams).'),
    unixMode: z
      .enum(['0600', '0660', '0666'])
      .default('0600')
      .describe('Who may write to the Unix socket.'),
    from: z
      .array(
        z
          .string()
          .refine(isSender, { error: "wanted an address or a range, such as '192.0.2.0/24'" }),
      )
      .min(1)
      .max(1_000)
      .optional()
      .describe(
        'Addresses and ranges that are listened to. Needed where others than this machine can ' +
          'send; default: this machine.',
      ),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: "wanted a time zone such as 'Europe/Berlin' or 'UTC'" })
      .optional()
      .describe('IANA zone of times that carry none. Default: that of the machine.'),
    maxConnections: z.int().min(1).max(10_000).default(100).describe('Connections at one time.'),
    maxConnectionsPerSender: z
      .int()
      .min(1)
      .max(10_000)
      .default(20)
      .describe('Connections of one address at one time.'),
    maxBytesPerSecond: z
      .int()
      .min(1_000)
      .default(8_000_000)
      .describe(
        'What one address may send. Faster connections are slowed down, datagrams are dropped ' +
          'and counted.',
      ),
  })
  .check((context) => {
    const { udp, tcp, unix, from } = context.value;
    const say = (path: string, message: string) =>
      context.issues.push({ code: 'custom', input: context.value, path: [path], message });
    if (udp === undefined && tcp === undefined && unix === undefined) {
      say('udp', 'one of udp, tcp and unix is needed');
    }
    for (const [name, value] of Object.entries({ udp, tcp })) {
      const address = value === undefined ? undefined : parseListenAddress(value);
      if (address && !isLoopback(address.host) && from === undefined) {
        say(
          'from',
          `is needed, since ${name} listens for other machines: whoever is heard can have others banned`,
        );
      }
    }
  })
  .transform((options) => ({ ...options, from: options.from ?? loopback }));

export type SyslogOptions = z.output<typeof syslogOptions>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
