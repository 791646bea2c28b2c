export { checkOwnership, type OwnershipRules } from './check-ownership.ts';
export { type EffectiveValue, effectiveValues } from './effective-values.ts';
export { type FindRcGiven, type FoundRc, findRc } from './find-rc.ts';
export { type LoadedRc, type LoadRcGiven, loadRc } from './load-rc.ts';
export type { Locate, LocatedProblem, Location } from './location.ts';
export { rcError, renderProblem } from './rc-error.ts';
export { rcJsonSchema } from './rc-schema.ts';
export type { Settings } from './settings.ts';
export { pathText } from './shown.ts';
