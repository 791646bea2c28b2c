export { anyOptions } from './any-options.ts';
export { aChange, aNotice, aSourceUse, validOptions } from './builders.ts';
export { actionContract } from './contract/action-contract.ts';
export type { ActionContractGiven, ActionRig } from './contract/action-rig.ts';
export type { ContractCase } from './contract/contract-case.ts';
export {
  type FilterContractGiven,
  type FilterSample,
  filterContract,
} from './contract/filter-contract.ts';
export { notifierContract } from './contract/notifier-contract.ts';
export type { NotifierContractGiven, NotifierRig, Trouble } from './contract/notifier-rig.ts';
export { readFilterSamples } from './contract/read-filter-samples.ts';
export { sourceContract } from './contract/source-contract.ts';
export type { SourceContractGiven, SourceRig } from './contract/source-rig.ts';
export { FakeClock, settle } from './fake-clock.ts';
export { FakeCommandStream } from './fake-command-stream.ts';
export { hostileMessages, innocentAddress } from './hostile-messages.ts';
export { type FeedOptions, LogFeed } from './log-feed.ts';
export { type MemoryAction, type MemoryActionGiven, memoryAction } from './memory-action.ts';
export { MemoryList, type MemoryListGiven } from './memory-list.ts';
export { type LoggedLine, type MemoryLogger, memoryLogger } from './memory-logger.ts';
export {
  type CommandAnswer,
  type CommandHandler,
  type CommandTable,
  commandFailure,
  type RecordedRun,
  RecordingCommandRunner,
} from './recording-command-runner.ts';
export { type RecordingNotifier, recordingNotifier } from './recording-notifier.ts';
export { hostileNotice, hostileTexts, sampleNotices } from './sample-notices.ts';
export { type ScriptedFilter, scriptedFilter } from './scripted-filter.ts';
export { SmtpSink, type SunkMail } from './smtp-sink.ts';
export type { PluginFinding } from './verify/plugin-finding.ts';
export { type VerifyPluginGiven, verifyPlugin } from './verify/verify-plugin.ts';
