// The least an Electron window can do: the floor that the desktop app is measured against.
const { app, BrowserWindow } = require('electron');

app.commandLine.appendSwitch('disable-backgrounding-occluded-windows');
app.commandLine.appendSwitch('disable-renderer-backgrounding');
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1920, height: 1080, frame: false, backgroundColor: '#101316' });
  void window.loadURL(process.argv.at(-1));
});
