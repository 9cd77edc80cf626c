// The service on a port of its own, and supertest and `ws` as its clients.
import { once } from 'node:events';
import { createServer } from 'node:http';
import request from 'supertest';
import WebSocket from 'ws';
import { bearer } from './support.js';
import { flushAccessLog } from '../access-log.js';
import { app } from '../app.js';
import { pool } from '../database.js';
import { drainable } from '../drain.js';
import { closeSockets } from '../sockets.js';
import { threads } from '../threads.js';
import { acceptUpgrades } from '../upgrades.js';

const server = createServer(app);
acceptUpgrades(server, app);
const drain = drainable(server);

export async function start() {
  await once(server.listen(0, '127.0.0.1'), 'listening');
}

export async function stop() {
  await Promise.all([drain(), closeSockets()]);
  await Promise.all([pool.end(), threads.destroy(), flushAccessLog()]);
}

export async function ask(method, path, { headers = bearer(), json, body = json } = {}) {
  const call = request(server)[method.toLowerCase()](path).set(headers);
  const response = await (body === undefined ? call : call.send(body));
  return {
    status: response.status,
    headers: response.headers,
    // supertest keeps what is no text as bytes
    body: Buffer.isBuffer(response.body) ? response.body : Buffer.from(response.text ?? ''),
  };
}

export async function openSocket(headers = bearer()) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/socket`, { headers });
  await once(socket, 'open');
  return socket;
}
