export type {
  FilterDetails,
  HeaderFacts,
  JailExplanation,
  LineExplanation,
  LineReading,
  LineVerdict,
  StateLook,
} from '@remand/kernel';
export { bundled } from './bundled.ts';
export type { CheckProblem } from './check-problem.ts';
export { type CheckReport, checkRc } from './check-rc.ts';
export { createCommandRunner } from './command-runner.ts';
export type {
  ControlFailure,
  ControlRequest,
  ControlResponse,
  ReloadOutcome,
  StopArgs,
  StopOutcome,
} from './control/protocol.ts';
export { flushWithoutDaemon } from './flush-without-daemon.ts';
export { type InitReport, initRc } from './init/init-rc.ts';
export { listPlugins } from './list-plugins.ts';
export { type NotifyReport, notifyRc } from './notify-rc.ts';
export { openExplainer, type RcExplainer } from './open-explainer.ts';
export { type FilterChoice, type OpenFilterTrial, openFilterTrial } from './open-filter-trial.ts';
export type { RcChoice } from './open-rc.ts';
export { rcEditorSchema } from './rc-editor-schema.ts';
// Its function is an entry of its own, for a process that shall not load what a daemon needs.
export type { ReplayChoice, ReplayProgress, ReplayReport } from './replay-rc.ts';
export { type RunOptions, runDaemon } from './run-daemon.ts';
export { unpacker } from './unpacker.ts';
