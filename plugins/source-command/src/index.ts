import { commandSource } from './plugin.ts';

export { commandSource };
export default commandSource;
