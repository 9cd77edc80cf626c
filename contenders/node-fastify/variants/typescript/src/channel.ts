// What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself.
import type { FastifyInstance } from 'fastify';
import type { Notification, PoolClient } from 'pg';

const ALONE = Number(process.env.WORKERS ?? 1) === 1;
const PIECE = /.{1,1900}/gsu; // a notification holds less than 8000 bytes, a character up to 4
// PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
const NOTIFY = "SELECT pg_notify('sockets', piece) FROM unnest($1::text[]) AS piece";

interface Listener {
  hear(message: string): void;
  /** Messages may have been missed. */
  lost(): void;
}

export interface Channel {
  open(): Promise<unknown>;
  say(message: string): unknown;
  close(): Promise<void>;
}

/** A channel that hands each message to `hear`. */
export function createChannel(app: FastifyInstance, { hear, lost }: Listener): Channel {
  let connecting: Promise<PoolClient> | undefined; // to the connection that listens
  let speaking: Promise<void> | undefined; // to the end of what is being said, so that messages keep their order

  async function connect(): Promise<PoolClient> {
    const client = await app.pg.connect();
    const pieces: string[] = [];
    client.on('notification', ({ payload = '' }: Notification) => {
      const space = payload.indexOf(' ');
      pieces.push(payload.slice(space + 1));
      if (payload.slice(0, space) === '0') hear(pieces.splice(0).join(''));
    });
    client.once('error', (error: Error) => {
      app.log.error(error, 'the connection that listens');
      connecting = undefined;
      client.release(error);
      lost();
    });
    await client.query('LISTEN sockets');
    return client;
  }

  async function open(): Promise<PoolClient> {
    connecting ??= connect();
    try {
      return await connecting;
    } catch (error) {
      connecting = undefined;
      throw error;
    }
  }

  async function notify(message: string): Promise<void> {
    const client = await open();
    const pieces = message.match(PIECE) ?? [];
    const numbered = pieces.map((piece, index) => `${pieces.length - 1 - index} ${piece}`);
    await client.query(NOTIFY, [numbered]);
  }

  function say(message: string): Promise<void> {
    speaking = Promise.allSettled([speaking]).then(() => notify(message));
    return speaking;
  }

  async function close(): Promise<void> {
    const client = await connecting?.catch(() => undefined);
    client?.release(true);
  }

  return ALONE ? { open: async () => undefined, say: hear, close: async () => undefined } : { open, say, close };
}
