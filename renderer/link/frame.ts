const HIDDEN_FRAME_MS = 250;

/**
 * Runs `work` in the next animation frame and `painted` in the first task after it: work's reactive updates flush as
 * microtasks inside the frame, so that task comes after the paint. A hidden page has no frames; it goes on slowly, so
 * that the core is not left waiting for its acknowledgement.
 */
export function nextFrame(work: () => void, painted: () => void): void {
  let done = false;
  const run = (): void => {
    if (done) return;
    done = true;
    clearTimeout(fallback);
    work();
    afterPaint(painted);
  };
  const fallback = setTimeout(run, HIDDEN_FRAME_MS);
  requestAnimationFrame(run);
}

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();

function afterPaint(task: () => void): void {
  waiting.push(task);
  channel.port2.postMessage(null);
}
