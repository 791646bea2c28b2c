/** What a mail says, before it is text or HTML. All strings are as `mailText` makes them. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly tone: Tone }
  | { readonly kind: 'label'; readonly text: string }
  | { readonly kind: 'sentence'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'quote'; readonly lines: readonly string[] }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'footer'; readonly text: string };

export type Tone = 'bad' | 'good' | 'plain';

/** How much of each notice is told, so that a mail has an end. */
export interface Detail {
  readonly evidence: number;
  readonly lineLength: number;
  readonly sentenceLength: number;
  readonly history: number;
}

/** From everything to a line for each; the first that makes a mail small enough is taken. */
export const details: readonly (Detail | 'list')[] = [
  { evidence: 20, lineLength: 500, sentenceLength: 1_000, history: 10 },
  { evidence: 5, lineLength: 300, sentenceLength: 600, history: 0 },
  { evidence: 1, lineLength: 200, sentenceLength: 300, history: 0 },
  { evidence: 0, lineLength: 0, sentenceLength: 150, history: 0 },
  'list',
];
