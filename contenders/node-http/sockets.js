// The WebSockets of this process: `ws` does the protocol, this says what messages mean.
import { WebSocketServer } from 'ws';
import { createChannel } from './channel.js';
import { log } from './log.js';
import { SECURITY_HEADERS } from './message.js';
import { Problem } from './problem.js';

const HEARTBEAT_MS = 30_000;

const server = new WebSocketServer({ noServer: true, maxPayload: 65_536, closeTimeout: 5_000 });
const answered = new WeakSet(); // the sockets that have answered since the last heartbeat

const channel = createChannel({
  hear(message) {
    for (const socket of server.clients) socket.send(message);
  },
  lost() {
    closeAll(1013, 'messages may be missing');
  },
});

const ANSWERS = new Map([
  ['echo', (socket, message) => socket.send(message)],
  ['broadcast', (_socket, message) => channel.say(message)],
]);

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

async function answer(socket, text) {
  const { type, data } = parse(text);
  const handler = ANSWERS.get(type);
  if (!handler || typeof data !== 'string') {
    const detail = 'a message is a JSON object with `type` echo or broadcast and text as `data`';
    return socket.send(JSON.stringify({ type: 'error', detail }));
  }
  try {
    await handler(socket, JSON.stringify({ type, data }));
  } catch (error) {
    log.error(error);
    socket.close(1011, 'the message was not delivered');
  }
}

// The 101 is a response as well.
server.on('headers', (headers) => {
  for (const [name, value] of SECURITY_HEADERS) headers.push(`${name}: ${value}`);
});

server.on('connection', (socket) => {
  answered.add(socket);
  socket.on('pong', () => answered.add(socket));
  socket.on('error', () => {}); // a client that breaks the protocol; ws closes it, with 1009 where a message is too large
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'messages are text');
    else answer(socket, data.toString());
  });
});

// Finds connections that broke without a word, as the documentation of ws advises.
setInterval(() => {
  for (const socket of server.clients) {
    if (answered.delete(socket)) socket.ping();
    else socket.terminate();
  }
}, HEARTBEAT_MS).unref();

/** The route `/socket`: makes a WebSocket of a connection that asks to be upgraded. */
export async function socket(req, res) {
  if (!req.upgradeHead) throw new Problem(426, { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  try {
    await channel.open();
  } catch (error) {
    log.error(error, 'the database does not answer');
    throw new Problem(503, { detail: 'the database does not answer' });
  }
  const connection = req.socket;
  res.detachSocket(connection);
  server.handleUpgrade(req, connection, req.upgradeHead, (opened) => server.emit('connection', opened));
}

function closeAll(code, reason) {
  for (const socket of server.clients) socket.close(code, reason);
}

/** Tells all clients that the server goes away, and takes no more of them. */
export async function closeSockets() {
  server.close();
  closeAll(1001, 'the server stops');
  await channel.close();
}
