declare const tokenType: unique symbol;
declare const pluginMayHave: unique symbol;

/**
 * A typed name under which the kernel keeps a value. The symbol is global
 * (`Symbol.for('remand/<name>@<version>')`), so two copies of this package agree on it.
 */
export type Token<T> = symbol & { readonly [tokenType]: T };

/** A token that a plugin may list in `inject`. Any other token there is a compile error. */
export type PluginToken<T> = Token<T> & { readonly [pluginMayHave]: true };

/** What a tuple of tokens resolves to, in order: the arguments that follow in `create`. */
export type Injected<Tokens extends readonly unknown[]> = {
  -readonly [Index in keyof Tokens]: Tokens[Index] extends Token<infer T> ? T : never;
};

/** Makes a token that only the kernel and its embedder use. `name` is kebab-case. */
export function kernelToken<T>(name: string): Token<T> {
  return Symbol.for(`remand/${name}@1`) as Token<T>;
}

/** Makes a token that plugins may ask for. Only `api` calls this: see `plugin-tokens.ts`. */
export function pluginToken<T>(name: string): PluginToken<T> {
  return Symbol.for(`remand/${name}@1`) as PluginToken<T>;
}
