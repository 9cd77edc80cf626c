// The WebSockets of this process: `ws` does the protocol, on hapi's listener, and this says what messages mean.
import { ServerResponse } from 'node:http';
import Boom from '@hapi/boom';
import { WebSocketServer } from 'ws';
import { createChannel } from '../channel.js';

const HEARTBEAT_MS = 30_000;
const SECURITY_HEADERS = ['X-Content-Type-Options: nosniff', 'X-Frame-Options: DENY', 'Referrer-Policy: no-referrer'];

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function createSockets(server) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536, closeTimeout: 5_000 });
  const answered = new WeakSet(); // the sockets that have answered since the last heartbeat

  function closeAll(code, reason) {
    for (const socket of sockets.clients) socket.close(code, reason);
  }

  const channel = createChannel(server, {
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
      server.log('socket', error);
      socket.close(1011, 'the message was not delivered');
    }
  }

  sockets.on('headers', (headers) => headers.push(...SECURITY_HEADERS)); // the 101 is a response as well

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

  /** Makes a WebSocket of the connection of a request that asks to be upgraded. */
  function upgrade({ req, res }) {
    const connection = req.socket;
    res.detachSocket(connection);
    sockets.handleUpgrade(req, connection, req.upgradeHead, (socket) => sockets.emit('connection', socket));
  }

  async function close() {
    sockets.close(); // takes no more of them
    closeAll(1001, 'the server stops');
    await channel.close();
  }

  return { channel, upgrade, close };
}

/** Sends requests that ask to be upgraded through hapi like all others, so that its routes, tokens and errors hold for them. */
function acceptUpgrades({ listener }) {
  listener.on('upgrade', (req, connection, head) => {
    connection.on('error', () => connection.destroy());
    const res = new ServerResponse(req);
    res.assignSocket(connection);
    res.setHeader('Connection', 'close'); // for a response that is no upgrade
    res.once('finish', () => connection.end());
    req.upgradeHead = head;
    listener.emit('request', req, res);
  });
}

function upgradeRequired() {
  const error = new Boom.Boom('this is a WebSocket', { statusCode: 426 });
  Object.assign(error.output.headers, { Connection: 'Upgrade', Upgrade: 'websocket' });
  return error;
}

export const sockets = {
  name: 'sockets',
  register(server) {
    const { channel, upgrade, close } = createSockets(server);
    acceptUpgrades(server);
    server.ext('onPreStop', close);

    server.route({
      method: 'GET',
      path: '/socket',
      async handler(request, h) {
        if (!request.raw.req.upgradeHead) throw upgradeRequired();
        try {
          await channel.open();
        } catch (error) {
          request.log('socket', error);
          throw Boom.serverUnavailable('the database does not answer');
        }
        upgrade(request.raw);
        return h.abandon; // the connection is no longer hapi's
      },
    });
  },
};
