/** The names of notifiers by those of their plugins: the second of one plugin is told apart. */
export function notifierNames(plugins: readonly string[]): readonly string[] {
  return plugins.map((name, index) =>
    plugins.indexOf(name) < index ? `${name}-${index + 1}` : name,
  );
}
