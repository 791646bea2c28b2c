export { default as mysqldAuth } from './mysqld-auth/index.ts';
export { default as postgresql } from './postgresql/index.ts';
