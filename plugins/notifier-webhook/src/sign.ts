import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows that a body is from who has the key and is not an old one:
 * HMAC-SHA-256 (RFC 2104) over the seconds since the epoch, a full stop, and the bytes of the body.
 */
export function signature(
  body: string,
  key: string,
  nowMs: number,
): Readonly<Record<'X-Remand-Timestamp' | 'X-Remand-Signature', string>> {
  const seconds = String(Math.floor(nowMs / 1_000));
  const mac = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  return { 'X-Remand-Timestamp': seconds, 'X-Remand-Signature': `sha256=${mac}` };
}
