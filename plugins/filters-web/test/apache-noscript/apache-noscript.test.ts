import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/apache-noscript/index.ts';
import { patterns } from '../../src/apache-noscript/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });
