import { ipcRenderer } from 'electron';

const HEARTBEAT_MS = 2_000;

/**
 * The page's one way to the core: when it says that it listens, and again after the core was restarted, it gets
 * `vigil:link` with a MessagePort. Nothing else crosses.
 */
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'vigil:ready') ipcRenderer.send('vigil:ready');
});
ipcRenderer.on('vigil:link', (event) => {
  window.postMessage('vigil:link', location.origin, event.ports as unknown as MessagePort[]);
});

// A task queued in a frame runs after its paint: only a page that paints is heard of.
const painted = new MessageChannel();
painted.port1.onmessage = () => ipcRenderer.send('vigil:painted');
setInterval(() => requestAnimationFrame(() => painted.port2.postMessage(null)), HEARTBEAT_MS);
