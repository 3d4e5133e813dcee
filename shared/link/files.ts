/** What the core says to the shell of a file that it was asked for: what it is, or that there is none; then a piece for each message of the shell. */
export type FileFromCore = { t: 'none' } | { t: 'file'; name: string; media: string } | { t: 'piece'; bytes: Uint8Array<ArrayBuffer> } | { t: 'end' } | { t: 'broken' };
