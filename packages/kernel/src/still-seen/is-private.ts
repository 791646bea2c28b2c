import { contains, parseRange, type Range } from '../address/parse-target.ts';

/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291: addresses of one's own network. */
const networks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
].flatMap((text) => parseRange(text) ?? []);

/** Whether a range lies in a network where proxies and load balancers have their addresses. */
export function isPrivate(range: Range): boolean {
  return networks.some((network) => contains(network, range));
}
