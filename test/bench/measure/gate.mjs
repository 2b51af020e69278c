/** A local port at which held tasks report: how to know, for every library alike, that a task is running. */
import { once } from 'node:events';
import net from 'node:net';

/** The first task stays held, one that runs again may finish at once; `firstPid` is the first's process. */
export async function openGate() {
  let connections = 0;
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (connections++ > 0) socket.end('go\n');
  });
  const firstPid = once(server, 'connection').then(async ([socket]) => {
    const [line] = await once(socket, 'data');
    return Number(line.toString());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, firstPid, close: () => server.close() };
}
