import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';
import type { QuestionKind, Questions } from '../store/reader-protocol.ts';
import { Problem } from './problem.ts';

/** Asks the store. @throws Problem (400) when the question is at fault */
export async function asked<K extends QuestionKind>(reader: Pick<ReaderThread, 'ask'>, kind: K, asks: Questions[K]['asks']): Promise<Questions[K]['gives']> {
  try {
    return await reader.ask(kind, asks);
  } catch (error) {
    if (error instanceof BadQuery) throw new Problem(400, error.message);
    throw error;
  }
}
