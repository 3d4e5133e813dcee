import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KeyFiles, NamedFile } from './key-files.ts';

const DAY_MS = 86_400_000;
/** So long before its end a certificate is told of: renewals run a month before, and who has to be asked needs some days. */
const AHEAD_MS = 21 * DAY_MS;
/** How often files are read again. */
const LOOK_MS = 60_000;

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

interface Known {
  readonly named: NamedFile;
  readonly certificate: X509Certificate;
}

/** Looks at when the certificates end that TLS is spoken with, own ones and those of authorities. */
export class CertificateWatch {
  readonly #files: readonly KeyFiles[];
  #known: readonly Known[] = [];
  #read = -Infinity;

  constructor(files: readonly KeyFiles[]) {
    this.#files = files;
  }

  /** What ends within 21 days or has ended, in words, each by flag and file. @param now epoch ms of the machine's clock, which TLS goes by */
  ending(now: number): string[] {
    if (Math.abs(now - this.#read) >= LOOK_MS) {
      this.#read = now;
      // Of a chain each has to hold; of authorities one is enough, as an old one lies beside its successor for a while.
      this.#known = this.#files.flatMap(({ cert, ca }) => [...(cert ? [first(cert)] : []), ...(ca ? [last(ca)] : [])].filter((known) => known !== undefined));
    }
    return this.#known.flatMap(({ named: { flag, file }, certificate }) => {
      const left = endOf(certificate) - now;
      if (left > AHEAD_MS) return [];
      const when = left < 0 ? `ended on ${certificate.validTo}` : `ends in ${Math.floor(left / DAY_MS)} days (${certificate.validTo})`;
      return [`${flag} ${file} (${certificate.subject.replaceAll('\n', ', ')}) ${when}`];
    });
  }
}

const endOf = (certificate: X509Certificate): number => Date.parse(certificate.validTo);

const first = (named: NamedFile): Known | undefined => byEnd(named)[0];
const last = (named: NamedFile): Known | undefined => byEnd(named).at(-1);

/** A file's certificates, the one that ends first before the others; none while the file cannot be read, of which its reader tells. */
function byEnd(named: NamedFile): Known[] {
  try {
    return [...readFileSync(named.file, 'utf8').matchAll(BLOCK)].map(([pem]) => ({ named, certificate: new X509Certificate(pem) })).sort((a, b) => endOf(a.certificate) - endOf(b.certificate));
  } catch {
    return [];
  }
}
