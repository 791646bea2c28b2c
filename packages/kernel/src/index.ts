export { checkKernelConfig } from './check-kernel-config.ts';
export { systemClock } from './defaults.ts';
export { createKernel } from './kernel.ts';
export type {
  BundledPlugins,
  CheckKernelConfig,
  CreateKernel,
  Kernel,
  KernelGiven,
  ListPlan,
  MachineView,
} from './kernel-contract.ts';
