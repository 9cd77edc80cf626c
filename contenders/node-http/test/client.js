// The service on a port of its own, and `fetch` and `ws` as its clients.
import { once } from 'node:events';
import { createServer } from 'node:http';
import WebSocket from 'ws';
import { bearer } from './support.js';
import { flushAccessLog } from '../access-log.js';
import { handle } from '../app.js';
import { pool } from '../database.js';
import { drainable } from '../drain.js';
import { closeSockets } from '../sockets.js';
import { threads } from '../threads.js';
import { acceptUpgrades } from '../upgrades.js';

const server = createServer(handle);
acceptUpgrades(server, handle);
const drain = drainable(server);

export async function start() {
  await once(server.listen(0, '127.0.0.1'), 'listening');
}

export async function stop() {
  await Promise.all([drain(), closeSockets()]);
  await Promise.all([pool.end(), threads.destroy(), flushAccessLog()]);
}

export async function ask(method, path, { headers = bearer(), json, body = JSON.stringify(json) } = {}) {
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  const response = await fetch(url, { method, headers: { ...type, ...headers }, body });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

export async function openSocket(headers = bearer()) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/socket`, { headers });
  await once(socket, 'open');
  return socket;
}
