export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Puts a style around text that is safe to show already. */
export type Paint = (style: Style | undefined, text: string) => string;

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** A painter for a terminal with or without colours. */
export function painter(colour: boolean): Paint {
  return (style, text) => {
    if (!colour || style === undefined || text === '') return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
