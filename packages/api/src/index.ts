export type {
  Action,
  ActionLimits,
  ApplyResult,
  Change,
  ListedEntry,
  Listing,
  Target,
} from './action.ts';
export type { CancelTimer, Clock } from './clock.ts';
export type {
  CommandResult,
  CommandRunner,
  CommandStream,
  RunOptions,
  StreamOptions,
} from './command-runner.ts';
export type {
  AddressArgs,
  AllowArgs,
  AllowOutcome,
  BanArgs,
  BanOutcome,
  BanReport,
  BansArgs,
  ControlApi,
  ControlVerb,
  Empty,
  FlushArgs,
  FlushOutcome,
  FuseReport,
  HoldListReport,
  HoldReport,
  JailStatus,
  ListStatus,
  NetworkStatus,
  NotifierStatus,
  PluginReport,
  RungStatus,
  StatusReport,
  StillSeenAddress,
  StillSeenCause,
  StillSeenReport,
  UnbanArgs,
  UnbanOutcome,
  WhyEvent,
  WhyReport,
} from './control.ts';
export { type Coverage, type PortChoice, portCoverage } from './coverage.ts';
export { durationForm, formatDuration, parseDuration } from './duration.ts';
export { type ErrorCode, type ErrorCodeOf, type ErrorKind, errorCodes } from './error-codes.ts';
export {
  CommandError,
  ConfigError,
  type ConfigProblem,
  type ErrorDetails,
  InternalError,
  PluginError,
  type PluginPhase,
  RemandError,
  reasonOf,
} from './errors.ts';
export type { Filter, LineInfo, Match, PatternTrial, Piece } from './filter.ts';
export { Gatherer, type GathererGiven } from './gatherer.ts';
export { hideSecrets } from './hide-secrets.ts';
export { type ApiVersionVerdict, judgeApiVersion } from './judge-api-version.ts';
export {
  type BanGrowth,
  type ConfigPath,
  holderName,
  type JailConfig,
  type KernelConfig,
  type KnownMaxRetry,
  type NetworkConfig,
  networkHolder,
  type PluginModule,
  type PluginUse,
  type RungConfig,
  reservedHolders,
} from './kernel-config.ts';
export type { LedgerEntry, LedgerEntryDetails, LedgerEntryKind } from './ledger-entry.ts';
export type { Health, Lifecycle } from './lifecycle.ts';
export type { LogFields, Logger } from './logger.ts';
export { nearestName } from './nearest-name.ts';
export type { NeighbourReport, NeighboursReport } from './neighbours.ts';
export {
  type Notice,
  type NoticeDigest,
  type NoticeKind,
  type NoticeLedgerState,
  type NoticePastBan,
  noticeKinds,
} from './notice.ts';
export type { Notifier } from './notifier.ts';
export { type NotifyConfig, type NotifyDigest, notifyDefaults } from './notify-config.ts';
export type { OptionsOf, OptionsSchema, SchemaIssue, SchemaResult } from './options-schema.ts';
export { type Packing, packingOf } from './packing.ts';
export {
  type ActionPlugin,
  type AnyPlugin,
  apiVersion,
  definePlugin,
  type FilterPlugin,
  type NotifierPlugin,
  oldestApiVersion,
  type PluginKind,
  type SourcePlugin,
} from './plugin.ts';
export { pluginTokens } from './plugin-tokens.ts';
export { printable } from './printable.ts';
export { RestartDelay } from './restart-delay.ts';
export type {
  Framing,
  Source,
  SourceBatch,
  SourceFeed,
  SourceHealth,
  SourcePresence,
  SourceUse,
  UsualSource,
} from './source.ts';
export { printedTarget, type TargetParts, targetParts } from './target.ts';
export { type Injected, kernelToken, type PluginToken, type Token } from './token.ts';
export { whyNotEnterable } from './why-not-enterable.ts';
