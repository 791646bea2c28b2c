export { checkKernelConfig } from './check-kernel-config.ts';
export { systemClock } from './defaults.ts';
export type {
  Explainer,
  ExplainerGiven,
  FilterDetails,
  FilterTrial,
  FilterTrialGiven,
  HeaderFacts,
  JailExplanation,
  LineExplanation,
  LineReading,
  LineVerdict,
  StateLook,
} from './explain/contract.ts';
export { createExplainer } from './explain/create-explainer.ts';
export { createFilterTrial } from './explain/filter-trial.ts';
export { createKernel } from './kernel.ts';
export type {
  BundledPlugins,
  CheckKernelConfig,
  CreateKernel,
  Kernel,
  KernelGiven,
  ListPlan,
  MachineView,
  ReloadChanges,
  ReloadReport,
} from './kernel-contract.ts';
export { listPlugins, type PluginList } from './list-plugins.ts';
export { type NotifierTrial, tryNotifiers } from './notify/try-notifiers.ts';
export type {
  Busy,
  ReplayedBan,
  ReplayedJail,
  ReplayedLog,
  ReplayGiven,
  ReplayProgress,
  ReplayReport,
} from './replay/replay-contract.ts';
export { replayLogs } from './replay/replay-logs.ts';
export type { TcpSocket } from './still-seen/tcp-sockets.ts';
