import { printable } from '@remand/api';

/**
 * Text from outside for either part of a mail: nothing invisible, nothing that a mail program makes a
 * link of, at most about `max` characters. Links are taken apart as security people do:
 * `http[:]//evil[.]example`, `root[@]evil[.]example`; what is visible stays exact.
 */
export function mailText(text: string, max = 500): string {
  return cut(harmless(text, max), max);
}

function harmless(text: string, max: number): string {
  return printable(text, max)
    .replace(/:\/\//g, '[:]//')
    .replace(/@/g, '[@]')
    .replace(dotInName, '[$&]')
    .replace(scheme, '$1[:]')
    .replace(/(?<!\S)\\\\(?=[\p{L}\p{N}])/gu, '[\\\\]');
}

/**
 * A dot with a letter behind it. Names that end in one of these are files: none is a top-level
 * domain (https://data.iana.org/TLD/tlds-alpha-by-domain.txt), and paths in advice should be copyable.
 */
const dotInName =
  /(?<=[\p{L}\p{N}_-])[.\u3002\uff0e\uff61](?=\p{L})(?!(?:conf|json|local|log|pid|service|sock|socket|txt|yaml|yml)(?![\p{L}\p{N}\p{M}_.\u3002\uff0e\uff61-]))/gu;

/** Escapes are longer than what they stand for. Never half a pair of surrogates. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** What needs no `//` to be one. */
const scheme =
  /(mailto|tel|sms|callto|sips?|xmpp|skype|whatsapp|magnet|data|javascript|vbscript):(?=\S)/gi;
