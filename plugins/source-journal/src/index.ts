import { journalSource } from './plugin.ts';

export { journalSource };
export default journalSource;
