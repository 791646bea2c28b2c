export { type CaptureType, captureTypes } from './capture-types.ts';
export { checkPatterns, type PatternProblem } from './check-patterns.ts';
export { forMode, type Modes } from './for-mode.ts';
export { parseTemplate } from './parse-template.ts';
export { type Exceptions, Pattern, type PatternGiven } from './pattern.ts';
export type { PatternEntry, PatternTable } from './pattern-entry.ts';
export { PatternSet, type PatternSetOptions } from './pattern-set.ts';
export { TemplateError } from './template-error.ts';
export { type CaptureToWrite, type MessageWriter, writeMessage } from './write-message.ts';
