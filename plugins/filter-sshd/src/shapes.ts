import { ddosShapes } from './shapes/ddos.ts';
import { extraShapes } from './shapes/extra.ts';
import { normalShapes } from './shapes/normal.ts';
import type { Shape } from './shapes/shape.ts';

/** Every message that is recognised. */
export const shapes: readonly Shape[] = [...normalShapes, ...ddosShapes, ...extraShapes];
