// The WebSocket, and what its messages mean.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { RawData, WebSocket } from 'ws';

interface Message {
  type?: unknown;
  data?: unknown;
}

function parse(text: string): Message {
  try {
    return (JSON.parse(text) as Message | null) ?? {};
  } catch {
    return {};
  }
}

const socket: FastifyPluginAsyncTypebox = async (app) => {
  const answers = new Map<unknown, (client: WebSocket, message: string) => unknown>([
    ['echo', (client, message) => client.send(message)],
    ['broadcast', (_client, message) => app.channel.say(message)],
  ]);

  async function answer(client: WebSocket, text: string): Promise<void> {
    const { type, data } = parse(text);
    const handler = answers.get(type);
    if (!handler || typeof data !== 'string') {
      const detail = 'a message is a JSON object with `type` echo or broadcast and text as `data`';
      client.send(JSON.stringify({ type: 'error', detail }));
      return;
    }
    try {
      await handler(client, JSON.stringify({ type, data }));
    } catch (error) {
      client.emit('error', error);
    }
  }

  app.route({
    method: 'GET',
    url: '/socket',

    async onRequest(request) {
      if (!request.ws) return;
      try {
        await app.channel.open();
      } catch (error) {
        request.log.error(error);
        throw app.httpErrors.serviceUnavailable('the database does not answer');
      }
    },

    async handler(_request, reply) {
      reply.headers({ connection: 'Upgrade', upgrade: 'websocket' });
      throw app.httpErrors.upgradeRequired();
    },

    wsHandler(client) {
      client.on('message', (data: RawData, isBinary: boolean) => {
        if (isBinary) client.close(1003, 'messages are text');
        else void answer(client, data.toString());
      });
    },
  });
};

export default socket;
