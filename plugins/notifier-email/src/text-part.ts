import type { Block } from './story.ts';

const width = 76;

/** The part that mutt shows. */
export function textPart(blocks: readonly Block[]): string {
  return `${blocks.map(textOf).filter(Boolean).join('\n\n')}\n`;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${wrapped(block.text)}\n${'='.repeat(Math.min(width, block.text.length))}`;
    case 'label':
      return `${block.text}:`;
    case 'sentence':
      return wrapped(block.text);
    case 'facts':
      return factsText(block.rows);
    case 'quote':
      return block.lines.map((line) => wrapped(line, '> ', '>   ')).join('\n');
    case 'command':
      return `    ${block.text}`;
    case 'footer':
      // The delimiter of a signature, which mail programs know (RFC 3676 § 4.3).
      return `-- \n${wrapped(block.text)}`;
  }
}

function factsText(rows: readonly (readonly [string, string])[]): string {
  const column = Math.min(24, Math.max(0, ...rows.map(([label]) => label.length))) + 2;
  return rows
    .map(([label, value]) => wrapped(value, label.padEnd(column), ' '.repeat(column)))
    .join('\n');
}

/** Breaks between words; a word that is longer than a line is cut. */
function wrapped(text: string, first = '', others = first && ' '.repeat(first.length)): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ').flatMap((one) => pieces(one, width - others.length))) {
    const gap = isEmpty ? '' : ' ';
    if (!isEmpty && line.length + gap.length + word.length > width) {
      lines.push(line);
      line = others + word;
    } else {
      line += gap + word;
    }
    isEmpty = false;
  }
  return [...lines, line].map((one) => one.trimEnd()).join('\n');
}

/** By code points: half a pair of surrogates is no text. */
function pieces(word: string, most: number): readonly string[] {
  if (word.length <= most) return [word];
  const all = Array.from(word);
  const count = Math.ceil(all.length / most);
  return Array.from({ length: count }, (_, n) => all.slice(n * most, (n + 1) * most).join(''));
}
