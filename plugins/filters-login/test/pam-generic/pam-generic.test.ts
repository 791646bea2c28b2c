import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/pam-generic/index.ts';
import { patterns } from '../../src/pam-generic/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });
