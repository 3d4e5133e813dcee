/** Exit codes of the vigil command. Commander itself ends with 1 on usage errors; they are mapped to 2. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partly: 3 } as const;

/** A failure to say in one line, without a stack: the message tells what, where and what to do. */
export class CommandError extends Error {
  readonly code: number;
  constructor(message: string, code: number = EXIT.failed) {
    super(message);
    this.code = code;
  }
}
