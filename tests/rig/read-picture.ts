import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What tesseract reads in a picture; pieces of text that stand apart come in any order. */
export async function readPicture(png: Buffer): Promise<string> {
  const reader = spawn('tesseract', ['stdin', 'stdout', '-l', 'eng', '--psm', '11'], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
  let text = '';
  reader.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  reader.stdin.end(png);
  const [code] = (await once(reader, 'close')) as [number];
  if (code !== 0) throw new Error(`tesseract ended with ${code}`);
  return text;
}
