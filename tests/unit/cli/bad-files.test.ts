import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedBroker } from '#core/mqtt/embedded-broker.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const COMMAND = fileURLToPath(new URL('../../../electron/cli/vigil.ts', import.meta.url));
const START = Date.UTC(2026, 0, 14);
const events = Array.from({ length: 50 }, (_, i) => JSON.stringify(loadEvent(i, START + i)));

/** Runs the command from its sources. A broker of this process answers meanwhile, so it is not waited for in place. */
function vigil(args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

function written(name: string, content: string | Buffer): string {
  const file = join(temporaryDir(), name);
  writeFileSync(file, content);
  return file;
}

test.each([
  ['is not there', () => 'nowhere.ndjson', /nowhere.ndjson: no such file/],
  ['is a directory', temporaryDir, /is a directory/],
  ['breaks off', () => written('events.ndjson.gz', gzipSync(events.join('\n')).subarray(0, 200)), /events.ndjson.gz: .*unexpected end of file/],
])('given a file that %s, when it is published or loaded, then the command says so and ends', async (_what, file, message) => {
  const broker = await startEmbeddedBroker({ port: 0, sink: { submit: (_message, committed) => committed() } });
  onTestFinished(() => broker.close());
  const name = file();
  for (const command of [['publish', name, '--broker', broker.url], ['load', name, '--data', temporaryDir()]]) {
    const { code, err } = await vigil(command);
    expect({ command: command[0], code, err }).toMatchObject({ code: 1, err: expect.stringMatching(message) as string });
  }
});

test.each([
  ['a directory', temporaryDir, /is a directory/],
  ['standard input', () => '-', /reads a file/],
  ['an output that is a directory', () => written('t.csv', 'a,b\n'), /cannot be written \(is a directory\)/],
  ['an output in a directory that is not there', () => written('t.csv', 'a,b\n'), /cannot be written/],
])('given %s, when a table is imported, then the message says what is wrong', async (what, input, message) => {
  const output = what.startsWith('an output that') ? temporaryDir() : join(temporaryDir(), what.startsWith('an output') ? 'none' : '', 'o.ndjson');
  const { code, err } = await vigil(['import', '--map', 'or-cases', input(), '-o', output]);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(message) as string });
});

test('given a line that is not UTF-8, when it is loaded, then it is refused as from a broker', async () => {
  const bad = Buffer.from(events[0]!.replace('"id":"', '"id":"\u00ff'), 'latin1');
  const file = written('events.ndjson', Buffer.concat([bad, Buffer.from(`\r\n${events[1]!}\r\n \r\n${events[2]!}`)]));
  const { out } = await vigil(['load', file, '--data', temporaryDir(), '--json']);
  expect(JSON.parse(out)).toEqual({ read: 3, accepted: 2, duplicates: 0, refused: 1 });
});
