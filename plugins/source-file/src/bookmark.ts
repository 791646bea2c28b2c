import { z } from 'zod';

const position = z.object({
  dev: z.string().max(20),
  ino: z.string().max(20),
  offset: z.number().int().min(0),
  head: z.string().max(32),
  headLength: z.number().int().min(0).max(256),
  tail: z.string().max(32),
  tailLength: z.number().int().min(0).max(256),
  skipping: z.boolean(),
  skip: z.array(z.string().max(20)).max(10).readonly().optional(),
});

const bookmark = z.object({ version: z.literal(1), files: z.array(position).min(1) });

/**
 * How far one file was read, and how to know it again. Two hashes guard it: of the first bytes,
 * and of the last ones before the offset. The second tells files apart that all begin alike
 * (a fixed comment block), and catches a file that was truncated and grew past the offset.
 */
export type Position = z.infer<typeof position>;

/**
 * The bookmark of a stream: a position per file that is still read, oldest first. After a rotation
 * that is the old file and the new one, as late lines can come in the old one.
 */
export function encodeBookmark(files: readonly Position[]): string {
  return JSON.stringify({ version: 1, files });
}

/** @returns undefined when the text is no bookmark of ours */
export function decodeBookmark(text: string): readonly Position[] | undefined {
  try {
    return bookmark.parse(JSON.parse(text)).files;
  } catch {
    return undefined;
  }
}
