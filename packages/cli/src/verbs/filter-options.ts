import { ConfigError, printable } from '@remand/api';

/**
 * The options of a filter as `--option NAME=VALUE` gives them: numbers, true, false and JSON are
 * read, anything else is text.
 * @throws ConfigError `USAGE`
 */
export function filterOptions(texts: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals > 0) return [text.slice(0, equals), readValue(text.slice(equals + 1))];
      throw new ConfigError('USAGE', `--option got "${printable(text, 100)}", wanted NAME=VALUE`, {
        hint: 'for example --option mode=aggressive',
      });
    }),
  );
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
