import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/vaultwarden/index.ts';
import { patterns } from '../../src/vaultwarden/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });
