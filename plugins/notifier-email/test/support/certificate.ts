import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** Its file, which is also the authority that signed it. */
  readonly file: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate for `localhost` that has signed itself; it lasts two days. */
export function certificate(folder: string, name: string, made = 'now'): Certificate {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  execFileSync(
    'faketime',
    [
      ...[made, 'openssl', 'req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-keyout', key, '-out', file, '-addext', 'subjectAltName=DNS:localhost'],
    ],
    { stdio: 'pipe' },
  );
  return { file, cert: readFileSync(file), key: readFileSync(key) };
}
