import type { Header } from './header.ts';

/**
 * The hash by which programs are looked up. A line's costs a few instructions; names that share
 * one are told apart by `Dispatch`.
 */
export function programHash(name: string): number {
  return hashOf(name, 0, name.length);
}

/** Says that the program's name stands at [start, end). */
export function setProgram(text: string, start: number, end: number, header: Header): void {
  header.programStart = start;
  header.programEnd = end;
  header.programHash = hashOf(text, start, end);
}

function hashOf(text: string, start: number, end: number): number {
  return text.charCodeAt(start) | (text.charCodeAt(end - 1) << 8) | ((end - start) << 16);
}
