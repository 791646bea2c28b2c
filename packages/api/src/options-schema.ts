/**
 * What `options` of a plugin must be: an object that implements Standard Schema
 * (https://standardschema.dev) and Standard JSON Schema (https://standardschema.dev/json-schema).
 * zod 4, valibot and arktype schemas do. Unknown keys must be refused (zod: `z.strictObject`).
 */
export interface OptionsSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The validated options that a schema gives to `create`. */
export type OptionsOf<Schema> =
  Schema extends OptionsSchema<infer _Input, infer Output> ? Output : never;
