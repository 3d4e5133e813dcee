import { createPinia } from 'pinia';
import { createApp } from 'vue';
import './design/font.css';
import './design/tokens.css';
import './design/palette.css';
import './design/base.css';
import './design/controls.css';
import App from './App.vue';
import { LinkClient } from './link/client.ts';
import { nextFrame } from './link/frame.ts';
import { onPort, portTransport } from './link/port.ts';
import { keepSocket, socketUrl } from './link/socket.ts';
import { useCommands } from './stores/commands.ts';
import { useDisplay } from './stores/display.ts';
import { useFrame } from './stores/frame.ts';
import { useLinkState } from './stores/link.ts';
import { useViews } from './stores/views.ts';

const app = createApp(App).use(createPinia());
const display = useDisplay();
const linkState = useLinkState();

const client = new LinkClient(display.screen.role, {
  frame: nextFrame,
  linked: (linked) => linkState.setLinked(linked, Date.now()),
  painted: ({ eventTime, revision }) => {
    const { dataset } = document.documentElement;
    dataset['paintedEventTime'] = String(eventTime);
    dataset['paintedRevision'] = String(revision);
  },
  refused: (code, message) => linkState.setRefusal(code, message),
});

useViews().connect(client);
useCommands().connect(client);
display.start();
useFrame().start();
app.mount('#app');

const inElectron = navigator.userAgent.includes('Electron/');
if (inElectron) onPort((port) => client.attach((events) => portTransport(port, events)));
else keepSocket(socketUrl(location), (open) => client.attach(open));
