import { isIP } from 'node:net';
import { z } from 'zod';

const form = 'an address, a range such as 192.0.2.0/24, or a host name';

/** What `neverBan` lists. Host names are resolved by the kernel, again and again. */
export const neverBanSchema = z.string(form).refine(isAddressRangeOrName, form);

const proxyForm = 'an address, or a range such as 192.0.2.0/24';

/** What `trustedProxies` lists: no names, whose answers others may choose. */
export const proxySchema = z
  .string(proxyForm)
  .refine((text) => isAddressRangeOrName(text) && !isHostName(text), proxyForm);

function isAddressRangeOrName(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return isAddress(text) || isHostName(text);
  const prefix = text.slice(slash + 1);
  const widest = isIP(text.slice(0, slash)) === 4 ? 32 : 128;
  return isAddress(text.slice(0, slash)) && /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= widest;
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** RFC 1123; a name whose last label is a number would be a mistyped address. */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label)) &&
    !/^[0-9]+$/.test(labels.at(-1) ?? '')
  );
}
