import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/sendmail-auth/index.ts';
import { patterns } from '../../src/sendmail-auth/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });
