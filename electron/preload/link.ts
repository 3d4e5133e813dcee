import { ipcRenderer } from 'electron';

/**
 * The page's one way to the core: each time the shell brokers a link (at load, and again after the core restarted)
 * the page gets `vigil:link` with a MessagePort. Nothing else crosses.
 */
ipcRenderer.on('vigil:link', (event) => {
  window.postMessage('vigil:link', location.origin, event.ports as MessagePort[]);
});
