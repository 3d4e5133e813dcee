import { SealedFile } from './sealed.ts';

const sealed = new SealedFile('broker-password.sealed', 'the password', 'put it into a file of mode 0600 in the data directory that station.yaml names (broker.passwordFile), or start with VIGIL_BROKER_PASSWORD');

/** A password of the broker, with the login that it was given for. */
export interface SealedPassword {
  readonly login: string;
  readonly password: string;
}

/** The broker's password that the key store holds. Where it cannot be unsealed the wall starts without, and the log says why. */
export function sealedPassword(log: (line: string) => void): SealedPassword | undefined {
  try {
    const text = sealed.unseal();
    return text === undefined ? undefined : (JSON.parse(text) as SealedPassword);
  } catch (error) {
    log(`the broker's password cannot be had: ${(error as Error).message}`);
    return undefined;
  }
}

/** Keeps another from now on, or none. Throws, saying what to do, when there is no key store. */
export function sealPassword(password: SealedPassword | undefined): void {
  if (password) sealed.seal(JSON.stringify(password));
  else sealed.forget();
}
