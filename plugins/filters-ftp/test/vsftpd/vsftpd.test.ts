import { describeFilter } from '../../../../test/support/describe-filter.ts';
import plugin from '../../src/vsftpd/index.ts';
import { patterns } from '../../src/vsftpd/patterns.ts';

describeFilter({ plugin, table: patterns, folder: import.meta.dirname });
