import type { PatternTable } from '@remand/patterns';

/** Every message that is recognised: ns/client.c, query.c, xfrout.c, update.c of BIND 9. */
export const patterns: PatternTable = {
  parts: {
    /** With `print-category` and `print-severity`; then whose request it is, and its name in parentheses. */
    client:
      '[{category:host}: ][{severity:host}: ]client [@{pointer:word} ]{address}#{port}[/key {key:word}][ \\({question:text without ")"}\\)]: [view {view:word}: ]',
    name: "'{name:text without \"'\"}'",
  },
  patterns: [
    {
      id: 'denied',
      versions: '9.2- (the name since 9.9, the pointer since 9.11, the reason since 9.18)',
      template:
        '{client}(query|query \\(cache\\)|zone transfer|update|update forwarding|notify|recursive query) {name} denied[ \\({reason:text}\\)]',
    },
    {
      id: 'bad-transfer',
      versions: '9.2-',
      template: '{client}bad zone transfer request: {name}: non-authoritative zone \\(NOTAUTH\\)',
    },
  ],
};
