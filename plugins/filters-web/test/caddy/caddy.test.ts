import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/caddy/index.ts';
import { patterns, structure } from '../../src/caddy/patterns.ts';

describeFilter({ plugin, table: patterns, structure, folder: import.meta.dirname });
