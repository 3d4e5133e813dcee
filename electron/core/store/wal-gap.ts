import { closeSync, openSync, readSync, statSync } from 'node:fs';

const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;

/**
 * What is wrong with a write-ahead log that an earlier run left behind; undefined when nothing is. SQLite reads it up
 * to the first frame whose checksum fails, without a word: where a commit of the same run lies before the end of what
 * follows, committed transactions would be lost. A last transaction that is torn is no damage: the power went before it
 * was synced, nobody was told that it is stored, and its frames may have reached the disk in any order.
 * https://www.sqlite.org/fileformat2.html#walformat
 */
export function walDamage(database: string): string | undefined {
  const file = `${database}-wal`;
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= HEADER) return undefined;
  const fd = openSync(file, 'r');
  try {
    const header = Buffer.alloc(HEADER);
    readSync(fd, header, 0, HEADER, 0);
    const magic = header.readUInt32BE(0);
    if ((magic & ~1) >>> 0 !== MAGIC) return 'the write-ahead log has no header';
    const sum = new Checksum((magic & 1) === 1);
    sum.add(header.subarray(0, 24));
    if (!sum.is(header.subarray(24))) return 'the header of the write-ahead log is damaged';
    const frame = Buffer.alloc(FRAME_HEADER + header.readUInt32BE(8));
    let broken = false;
    let committedAfter = false;
    for (let at = HEADER; at + frame.length <= size; at += frame.length) {
      readSync(fd, frame, 0, frame.length, at);
      const ours = frame.subarray(8, 16).equals(header.subarray(16, 24));
      if (broken && ours && committedAfter) return 'a frame amid the write-ahead log is damaged';
      if (!broken) {
        sum.add(frame.subarray(0, 8));
        sum.add(frame.subarray(FRAME_HEADER));
        broken = !ours || !sum.is(frame.subarray(16, 24));
      }
      // A frame that ends a transaction carries the size of the database in pages.
      committedAfter ||= broken && ours && frame.readUInt32BE(4) !== 0;
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** The running checksum of a write-ahead log: two sums over 32-bit words. */
class Checksum {
  readonly #bigEndian: boolean;
  #a = 0;
  #b = 0;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  add(bytes: Buffer): void {
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let [a, b] = [this.#a, this.#b];
    for (let i = 0; i < bytes.length; i += 8) {
      a = (a + words.getUint32(i, !this.#bigEndian) + b) | 0;
      b = (b + words.getUint32(i + 4, !this.#bigEndian) + a) | 0;
    }
    [this.#a, this.#b] = [a, b];
  }

  /** Stored big-endian, whatever the words are. */
  is(stored: Buffer): boolean {
    return stored.readInt32BE(0) === this.#a && stored.readInt32BE(4) === this.#b;
  }
}
