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
  ChooseSources,
  ChosenSources,
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
export { type PluginSchema, pluginSchemas } from './plugin-schemas.ts';
export { chooseSources } from './plugins/choose-sources.ts';
export { importModule } from './plugins/import-module.ts';
export { type ModuleFile, moduleFile } from './plugins/module-file.ts';
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
export { nodeUnpacker, type Unpacker } from './replay/unpacker.ts';
export type { TcpSocket } from './still-seen/tcp-sockets.ts';
