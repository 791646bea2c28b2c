/**
 * What is asked for by nobody but those who look for holes: the ends of paths, as templates have them.
 * Names that honest servers have (`index.php`, `login`) are none of these.
 */
export const probedFiles: readonly string[] = [
  'wp-login.php',
  'xmlrpc.php',
  'wlwmanifest.xml',
  'wp-config.php[{name}]',
  'setup-config.php',
  'install.php',
  'phpinfo.php',
  'info.php',
  'shell.php',
  'cmd.php',
  'c99.php',
  'r57.php',
  'adminer.php',
  'eval-stdin.php',
  'config.php.bak',
  '.env[{name}]',
  '.git/[{name}/]{name}',
  '.svn/{name}',
  '.hg/{name}',
  '.aws/credentials',
  '.ssh/{name}',
  '.DS_Store',
  'boaform/{name}',
  'HNAP1[/]',
  'cgi-bin/{name}',
  'phpmyadmin[/{name}]',
  'phpMyAdmin[/{name}]',
  'pma[/{name}]',
  'myadmin[/{name}]',
  'mysqladmin[/{name}]',
  'manager/html',
  'solr/admin/{name}',
  'actuator/[{name}/]{name}',
  'vendor/phpunit/[{name}/][{name}/][{name}/][{name}/]{name}',
  'GponForm/{name}',
  'owa/auth/{name}',
  'autodiscover/autodiscover.json',
  'server-status',
  'wp-content/plugins/{name}/{name}',
];

/** The parts of templates that need them: `{probed}` stands behind a slash. */
export const probeParts: Readonly<Record<string, string>> = {
  name: '{name:word without "/" or "?" or \'"\'}',
  probed: `(${probedFiles.join('|')})`,
};
