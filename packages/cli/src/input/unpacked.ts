import { pipeline, Readable } from 'node:stream';
import { CommandError, packingOf, printable } from '@remand/api';

/**
 * What is in a file, unpacked if it is packed in a way that this machine unpacks.
 * @throws CommandError INPUT_UNREADABLE for one that is damaged
 */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, undefined> {
  const rest = chunks[Symbol.asyncIterator]();
  const first = await rest.next();
  if (first.done === true) return;
  const all = Readable.from(joined(first.value, rest));
  const packing = packingOf(first.value);
  if (packing === undefined) {
    yield* all;
    return;
  }
  const { unpacker } = await import('@remand/daemon');
  if (!unpacker.packings.includes(packing)) {
    yield* all;
    return;
  }
  try {
    // A failure comes out of the iteration as well.
    yield* pipeline(all, unpacker.open(packing), () => undefined);
  } catch (cause) {
    const { code = '', message = '' } = cause as { code?: string; message?: string };
    if (!code.startsWith('Z_')) throw cause;
    const why = code === 'Z_BUF_ERROR' ? 'it ends too early' : printable(message, 200);
    throw new CommandError('INPUT_UNREADABLE', `${name} cannot be unpacked: ${why}`, {
      hint: `${packing} -dc writes out what can be saved`,
      cause,
    });
  }
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>) {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
