import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { createInflateRaw } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;

/**
 * Entries of a zip archive (APPNOTE 6.3, no zip64), from its central directory.
 * @returns {Promise<{ name: string, mode: number, method: number, packed: number, size: number, at: number }[]>}
 */
async function entriesOf(file) {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, 0xffff + END_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error('not a whole zip archive');
  const directory = Buffer.alloc(tail.readUInt32LE(end + 12));
  await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16));
  const entries = [];
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== ENTRY) throw new Error('damaged zip directory');
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      at: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Unpacks those entries of a zip for which `nameFor` gives a path below `target`.
 * @param {(name: string) => string | undefined} nameFor
 * @param {(doneBytes: number, allBytes: number) => void} onProgress
 */
export async function unzip(archive, target, nameFor, onProgress) {
  const file = await open(archive);
  try {
    const wanted = (await entriesOf(file))
      .map((entry) => ({ ...entry, path: entry.name.endsWith('/') ? undefined : nameFor(entry.name) }))
      .filter((entry) => entry.path !== undefined);
    const all = wanted.reduce((sum, entry) => sum + entry.size, 0);
    let done = 0;
    for (const entry of wanted) {
      const path = resolve(target, entry.path);
      if (!path.startsWith(resolve(target) + sep)) throw new Error(`${entry.name} points outside the archive`);
      await mkdir(dirname(path), { recursive: true });
      await unpack(archive, file, entry, path);
      onProgress((done += entry.size), all);
    }
  } finally {
    await file.close();
  }
}

async function unpack(archive, file, entry, path) {
  const local = Buffer.alloc(LOCAL_BYTES);
  await file.read(local, 0, LOCAL_BYTES, entry.at);
  const start = entry.at + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  const packed =
    entry.packed === 0 ? [] : [createReadStream(archive, { start, end: start + entry.packed - 1 })];
  const source = entry.method === STORED ? packed : [...packed, createInflateRaw()];
  if ((entry.mode & FILE_TYPE) === SYMLINK) {
    await symlink(await text(source.length > 1 ? source[0].pipe(source[1]) : source[0]), path);
    return;
  }
  const out = createWriteStream(path, { mode: entry.mode & 0o777 || 0o644 });
  if (packed.length === 0) out.end();
  else await pipeline(...source, out);
}
