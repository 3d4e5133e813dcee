import { STATION_PARTS, type StationFacts } from '#shared/api/station.ts';
import { canonical } from '#shared/config/difference.ts';
import type { Json } from '#shared/json.ts';
import type { BrokerDocument, StatedStation, StationDocument } from '#shared/station.ts';
import { checkJoin } from '../join/start.ts';
import { brokerTls, type TlsNames } from '../mqtt/broker-tls.ts';
import type { ServeFlags, Serving } from '../options.ts';
import { readKeys, type KeyFiles } from '../tls/key-files.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import { brokerFlags, DOCUMENT_NAMES, fixedParts, PASSWORD_VARIABLE, settle, type Fixed } from './settle.ts';
import { readStation, stationFile, writeStation } from './station-file.ts';

/** What a link to a broker is made of. */
const LINK = ['broker', 'brokerCa', 'brokerCert', 'brokerKey', 'station'] as const;

/** Why a document is not taken, in words for whoever wants it. */
export class StationRefusal extends Error {}

/** What a core's station document says, what flags say instead, and what it goes by. */
export class StationDesk {
  readonly fixed: readonly Fixed[];
  readonly path: string;
  readonly #flags: ServeFlags;
  readonly #keeper: PasswordKeeper;
  readonly #environment: string | undefined;
  #document: StationDocument;
  /** Kept for the document's broker. */
  #password: string | undefined;
  #settled: { serving: Serving; tlsNames: TlsNames };
  /** Why the password of the document's broker is not there. */
  readonly trouble: string | undefined;

  private constructor(flags: ServeFlags, keeper: PasswordKeeper, environment: string | undefined, document: StationDocument) {
    this.#flags = flags;
    this.#keeper = keeper;
    this.#environment = environment;
    this.#document = document;
    this.path = stationFile(flags.data);
    this.fixed = isShow(flags) ? STATION_PARTS.map((part) => ({ part, by: 'the demo or replay' })) : fixedParts(flags, environment !== undefined);
    try {
      this.#password = document.broker && keeper.read(document.broker);
    } catch (error) {
      this.trouble = (error as Error).message;
    }
    this.#settled = this.#settle(document, this.#password);
  }

  /** Reads the document of a core's data directory; a demo or replay goes by its flags alone. Throws, naming file, key and fault. */
  static async open(flags: ServeFlags, keeper: PasswordKeeper): Promise<StationDesk> {
    return new StationDesk(flags, keeper, process.env[PASSWORD_VARIABLE] || undefined, isShow(flags) ? {} : await readStation(flags.data));
  }

  /** What the core goes by now. */
  get serving(): Serving {
    return this.#settled.serving;
  }

  /** Files that the broker is spoken to with; undefined where none are named. */
  get tls(): KeyFiles | undefined {
    return brokerTls(this.#settled.serving, this.#settled.tlsNames);
  }

  /** Whether a flag or the environment says the broker: then a fault of it stops the start. */
  get brokerFixed(): boolean {
    return this.fixed.some(({ part }) => part === 'broker');
  }

  get shown(): Pick<StationFacts, 'document' | 'path' | 'password' | 'fixed'> {
    const { broker } = this.#document;
    const kept = this.#password === undefined ? 'none' : broker?.passwordFile === undefined ? this.#keeper.kind : 'file';
    return { document: stated(this.#document), path: this.path, password: this.#environment === undefined ? kept : 'environment', fixed: [...this.fixed] };
  }

  /** What a broker would be tried with. Throws a {@link StationRefusal} for what cannot be used. */
  trial(broker: BrokerDocument, password: string | undefined): { url: string; keys: ReturnType<typeof readKeys> } {
    needsUser(broker, password);
    const flags = brokerFlags(broker, this.#flags.data, password ?? (sameLogin(broker, this.#document.broker) ? (this.#environment ?? this.#password) : undefined));
    return refused(() => {
      const tls = brokerTls(flags, DOCUMENT_NAMES);
      return { url: flags.broker, keys: tls ? readKeys(tls) : {} };
    });
  }

  /**
   * Puts another document in force for what asks this desk from now on, and on disk.
   * @param password undefined: that of the same address and user stays; null: none
   * @returns whether the broker is another now, or spoken to in another way
   * @throws StationRefusal where it is not to be taken; any other error where it cannot be kept
   */
  async change(wanted: StatedStation, password: string | null | undefined): Promise<boolean> {
    const before = this.#document;
    for (const { part, by } of this.fixed) if (!same(wanted[part], stated(before)[part])) throw new StationRefusal(`${part}: ${by} says it for this core; change it there and start again`);
    if (password !== undefined && this.brokerFixed) throw new StationRefusal('password: it belongs to the broker, which cannot be changed here');
    needsUser(wanted.broker, password);
    const stays = password === undefined && sameLogin(wanted.broker, before.broker);
    const next = stays ? this.#password : (password ?? undefined);
    refused(() => {
      const { serving, tlsNames } = this.#settle(wanted, next);
      checkJoin(serving);
      const tls = brokerTls(serving, tlsNames);
      if (tls) readKeys(tls);
    });
    const kept = stays ? passwordFileOf(before.broker) : typeof password === 'string' ? await this.#keep(wanted.broker!, password) : {};
    const document: StationDocument = { ...wanted, ...(wanted.broker ? { broker: { ...wanted.broker, ...kept } } : {}) };
    await writeStation(this.#flags.data, document);
    this.#document = document;
    this.#password = next;
    const left = this.serving;
    this.#settled = this.#settle(document, next);
    this.tidy();
    if (!stays && typeof password !== 'string') await this.#keeper.forget();
    return LINK.some((flag) => left[flag] !== this.serving[flag]);
  }

  /** Removes passwords in files that the document does not name. Nobody else may be changing it: a start has taken the store's lock before. */
  tidy(): void {
    if (!isShow(this.#flags)) this.#keeper.tidy(this.#document.broker);
  }

  async #keep(broker: BrokerDocument, password: string): Promise<Pick<BrokerDocument, 'passwordFile'>> {
    try {
      return await this.#keeper.keep(broker, password);
    } catch (error) {
      throw new StationRefusal(`password: ${(error as Error).message}`);
    }
  }

  #settle(document: StationDocument, kept: string | undefined): { serving: Serving; tlsNames: TlsNames } {
    return settle(this.#flags, document, { environment: this.#environment, kept });
  }
}

const isShow = ({ demo, replay }: ServeFlags): boolean => demo === true || replay !== undefined;

const same = (one: unknown, other: unknown): boolean => canonical((one ?? null) as Json) === canonical((other ?? null) as Json);

function needsUser(broker: BrokerDocument | undefined, password: string | null | undefined): void {
  if (typeof password === 'string' && broker?.user === undefined) throw new StationRefusal('broker.user: a password needs the name of a user');
}

const sameLogin = (one: BrokerDocument | undefined, other: BrokerDocument | undefined): boolean => one?.address === other?.address && one?.user === other?.user;

const passwordFileOf = (broker: BrokerDocument | undefined): Pick<BrokerDocument, 'passwordFile'> => (broker?.passwordFile === undefined ? {} : { passwordFile: broker.passwordFile });

/** The document without where its password lies. */
function stated({ broker, ...rest }: StationDocument): StatedStation {
  if (!broker) return rest;
  const { passwordFile: _, ...told } = broker;
  return { ...rest, broker: told };
}

function refused<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new StationRefusal((error as Error).message);
  }
}
