import type { Block, Tone } from './story.ts';

/**
 * The part that phones show: one column, nothing from elsewhere, no link. Colours are left to the
 * mail program except for tints that can be read on white and on black.
 */
export function htmlPart(title: string, blocks: readonly Block[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">',
    `<title>${escaped(title)}</title>`,
    '</head>',
    `<body style="${styles.body}">`,
    `<div style="${styles.column}">`,
    ...blocks.map(htmlOf),
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const box = 'margin:4px 0;padding:6px 8px;background:rgba(128,128,128,.14)';
const exact = 'white-space:pre-wrap;overflow-wrap:anywhere';

const styles = {
  body: 'margin:0;padding:12px;font:16px/1.45 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif',
  column: 'max-width:640px;margin:0 auto',
  heading: 'margin:20px 0 8px;padding:2px 0 2px 12px;font-size:20px;line-height:1.3',
  label: 'margin:18px 0 4px;font-size:14px;font-weight:bold',
  sentence: 'margin:8px 0',
  facts: 'margin:8px 0;font-size:15px;overflow-wrap:anywhere',
  line: `${box};font:13px/1.4 monospace;${exact}`,
  command: `${box};font:14px/1.4 monospace;${exact}`,
  footer:
    'margin:24px 0 0;padding:8px 0 0;border-top:1px solid rgba(128,128,128,.4);font-size:13px;opacity:.7',
};

const colours: Readonly<Record<Tone, string>> = {
  bad: '#d9443f',
  good: '#2f9e54',
  plain: '#808890',
};

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'heading': {
      const edge = `border-left:4px solid ${colours[block.tone]}`;
      return `<h1 style="${styles.heading};${edge}">${escaped(block.text)}</h1>`;
    }
    case 'label':
      return `<h2 style="${styles.label}">${escaped(block.text)}</h2>`;
    case 'sentence':
      return `<p style="${styles.sentence}">${escaped(block.text)}</p>`;
    case 'facts':
      return factsTable(block.rows);
    case 'quote':
      return block.lines
        .map((line) => `<div style="${styles.line}">${escaped(line)}</div>`)
        .join('\n');
    case 'command':
      return `<div style="${styles.command}">${escaped(block.text)}</div>`;
    case 'footer':
      return `<p style="${styles.footer}">${escaped(block.text)}</p>`;
  }
}

function factsTable(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(
    ([name, value]) =>
      `<tr valign="top"><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
  );
  return [`<table cellpadding="3" style="${styles.facts}">`, ...lines, '</table>'].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
