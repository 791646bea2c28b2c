import { fileSource } from './plugin.ts';

export { fileSource };
export default fileSource;
