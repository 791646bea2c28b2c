import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/bitwarden/index.ts';
import { patterns } from '../../src/bitwarden/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });
