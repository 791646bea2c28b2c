export type {
  BundledPlugins,
  CheckKernelConfig,
  CreateKernel,
  Kernel,
  KernelGiven,
  ListPlan,
  MachineView,
} from './kernel-contract.ts';
