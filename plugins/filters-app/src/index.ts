export { default as bitwarden } from './bitwarden/index.ts';
export { default as nextcloud } from './nextcloud/index.ts';
export { default as roundcube } from './roundcube/index.ts';
export { default as vaultwarden } from './vaultwarden/index.ts';
export { default as wordpress } from './wordpress/index.ts';
