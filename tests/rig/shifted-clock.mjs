// Loaded before a core's own code: its machine's clock reads what the file in VIGIL_TEST_SHIFT says, ms, beside the true time.
import { readFileSync } from 'node:fs';

const LOOK_MS = 50;
const TrueDate = Date;
const file = process.env.VIGIL_TEST_SHIFT;
let shift = 0;
const look = () => (shift = Number(readFileSync(file, 'utf8')) || 0);
look();
setInterval(look, LOOK_MS).unref();

globalThis.Date = class extends TrueDate {
  constructor(...args) {
    if (args.length === 0) super(TrueDate.now() + shift);
    else super(...args);
  }

  static now() {
    return TrueDate.now() + shift;
  }
};
