// The WebSockets of this process: `ws` does the protocol, on hapi's listener, and this says what messages mean.
import { ServerResponse } from 'node:http';
import Boom from '@hapi/boom';
import { WebSocketServer } from 'ws';
import { createChannel } from '../channel.js';

const PATH = '/socket';
const HEARTBEAT_MS = 30_000;
const UPGRADE = { Connection: 'Upgrade', Upgrade: 'websocket' };

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function createSockets(pool) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536, closeTimeout: 5_000 });
  const answered = new WeakSet(); // the sockets that have answered since the last heartbeat

  const channel = createChannel({
    pool,
    hear(message) {
      for (const socket of sockets.clients) socket.send(message);
    },
    lost() {
      closeAll(1013, 'messages may be missing');
    },
  });

  const answers = new Map([
    ['echo', (socket, message) => socket.send(message)],
    ['broadcast', (_socket, message) => channel.say(message)],
  ]);

  async function answer(socket, text) {
    const { type, data } = parse(text);
    const handler = answers.get(type);
    if (!handler || typeof data !== 'string') {
      const detail = 'a message is a JSON object with `type` echo or broadcast and text as `data`';
      return socket.send(JSON.stringify({ type: 'error', detail }));
    }
    try {
      await handler(socket, JSON.stringify({ type, data }));
    } catch (error) {
      console.error(error);
      socket.close(1011, 'the message was not delivered');
    }
  }

  sockets.on('connection', (socket) => {
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
    for (const socket of sockets.clients) {
      if (answered.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, HEARTBEAT_MS).unref();

  function closeAll(code, reason) {
    for (const socket of sockets.clients) socket.close(code, reason);
  }

  async function upgrade(request, connection, head) {
    connection.on('error', () => connection.destroy());
    if (request.url.split('?', 1)[0] !== PATH) return refuse(request, connection, Boom.notFound());
    try {
      await channel.open();
    } catch (error) {
      console.error(error);
      return refuse(request, connection, Boom.serverUnavailable());
    }
    sockets.handleUpgrade(request, connection, head, (socket) => sockets.emit('connection', socket));
  }

  async function close() {
    sockets.close(); // takes no more of them
    closeAll(1001, 'the server stops');
    await channel.close();
  }

  return { upgrade, close };
}

/** hapi does not see requests that ask to be upgraded. */
function refuse(request, connection, { output }) {
  const response = new ServerResponse(request);
  response.assignSocket(connection);
  response.once('finish', () => connection.end());
  response.writeHead(output.statusCode, { Connection: 'close', 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: output.payload.error, status: output.statusCode }));
}

export const sockets = {
  name: 'sockets',
  register(server) {
    const { upgrade, close } = createSockets(server.app.pool);
    server.listener.on('upgrade', upgrade);
    server.ext('onPreStop', close);

    server.route({
      method: 'GET',
      path: PATH,
      handler() {
        const error = new Boom.Boom('this is a WebSocket', { statusCode: 426 });
        Object.assign(error.output.headers, UPGRADE);
        throw error;
      },
    });
  },
};
