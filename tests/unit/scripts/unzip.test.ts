import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unzip } from '../../../scripts/setup/unzip.mjs';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'vigil-zip-'))));
afterEach(() => rmSync(dir, { recursive: true }));

/** A zip of deflated entries as APPNOTE 6.3 lays it out; checksums are left at zero. */
function zipOf(entries: Record<string, string>): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, text] of Object.entries(entries)) {
    const packed = text === '' ? Buffer.alloc(0) : deflateRawSync(text);
    const method = text === '' ? 0 : 8;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(text), 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(0o100755 * 0x10000, 38);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += local.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  const all = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, all, end]);
}

async function unpack(archive: Buffer, nameFor: (name: string) => string | undefined = (name) => name): Promise<void> {
  writeFileSync(join(dir, 'a.zip'), archive);
  await unzip(join(dir, 'a.zip'), join(dir, 'out'), nameFor, () => undefined);
}

it('unpacks wanted entries under the names they are given', async () => {
  await unpack(zipOf({ 'app/Old': 'binary', 'app/data/x.txt': 'x'.repeat(10_000), 'app/empty': '', 'other/y': 'y' }), (name) =>
    name.startsWith('app/') ? name.slice(4).replace('Old', 'new') : undefined,
  );
  expect(readdirSync(join(dir, 'out'), { recursive: true }).map(String).sort()).toEqual(['data', 'data/x.txt', 'empty', 'new']);
  expect(readFileSync(join(dir, 'out/new'), 'utf8')).toBe('binary');
  expect(readFileSync(join(dir, 'out/data/x.txt'), 'utf8')).toHaveLength(10_000);
});

it('refuses an archive that was cut off', async () => {
  const whole = zipOf({ file: 'content' });
  await expect(unpack(whole.subarray(0, whole.length - 10))).rejects.toThrow('not a whole zip archive');
});

it('refuses an entry that points outside', async () => {
  await expect(unpack(zipOf({ '../outside': 'x' }))).rejects.toThrow('outside');
  expect(readdirSync(dir)).not.toContain('outside');
});
