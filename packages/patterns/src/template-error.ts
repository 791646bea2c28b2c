/** A mistake in a template. The message is a sentence for its author. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Where in the template, counted from 0. */
  readonly offset: number;
  readonly hint: string = 'mend the template: `filterContract` of @remand/testkit says it as well';

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}
