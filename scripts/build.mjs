import { ready } from './setup/ready.mjs';
import { fail, say } from './setup/say.mjs';

try {
  await ready();
  say('out/ is built from the sources as they are');
} catch (error) {
  fail(error);
}
