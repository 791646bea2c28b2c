import { registerHooks } from 'node:module';

/** What a plugin may import that is a file without a `node_modules` above it. */
const offered: readonly string[] = ['@remand/api', '@remand/patterns', 'zod'];

let isRegistered = false;

/**
 * Lets plugins that are named by their path import the contracts, the language of filters and the
 * schema library from remand's own installation where they have none of their own. What can be found
 * the usual way is.
 */
export function offerOwnModules(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context);
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error;
        if (!isMissing || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
        if (!offered.includes(specifier)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
