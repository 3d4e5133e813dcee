import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of a test, with its files in a directory of its own. */
export class Authority {
  readonly ca: string;
  readonly #dir: string;
  readonly #own: Certificate;

  constructor(dir: string, name = 'ca') {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    this.#own = { cert: join(dir, `${name}.pem`), key: join(dir, `${name}.key`) };
    this.ca = this.#own.cert;
    openssl(['req', '-x509', ...NEW_KEY, '-keyout', this.#own.key, '-out', this.#own.cert, '-subj', `/CN=${name}`, '-days', '2', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign']);
  }

  /** Gives a certificate out, over the files of one with the same name. @param names such as `DNS:hub.test` or `IP:127.0.0.1` @param days until it ends; it has ended where negative */
  issue(name: string, names: readonly string[] = ['DNS:localhost', 'IP:127.0.0.1'], days = 2): Certificate {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((ending) => join(this.#dir, `${name}.${ending}`)) as [string, string, string, string];
    writeFileSync(extensions, `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    openssl(['req', '-new', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`]);
    openssl(['x509', '-req', '-in', request, '-CA', this.#own.cert, '-CAkey', this.#own.key, '-CAcreateserial', '-extfile', extensions, '-out', cert, '-days', String(days)]);
    return { cert, key };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
