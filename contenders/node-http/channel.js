// What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself.
import { pool } from './database.js';
import { log } from './log.js';

const ALONE = Number(process.env.WORKERS ?? 1) === 1;
const PIECE = /.{1,1900}/gsu; // a notification holds less than 8000 bytes, a character up to 4

/** A channel that hands each message to `hear`; `lost` is called when messages may have been missed. */
export function createChannel({ hear, lost }) {
  let connecting; // to the connection that listens
  let speaking; // to the end of what is being said, so that messages keep their order

  async function connect() {
    const client = await pool.connect();
    const pieces = [];
    client.on('notification', ({ payload }) => {
      const [left] = payload.split(' ', 1);
      pieces.push(payload.slice(left.length + 1));
      if (left === '0') hear(pieces.splice(0).join(''));
    });
    client.once('error', (error) => {
      log.error(error, 'the connection that listens');
      connecting = undefined;
      client.release(error);
      lost();
    });
    await client.query('LISTEN sockets');
    return client;
  }

  async function open() {
    connecting ??= connect();
    try {
      return await connecting;
    } catch (error) {
      connecting = undefined;
      throw error;
    }
  }

  function say(message) {
    speaking = Promise.allSettled([speaking]).then(() => notify(message));
    return speaking;
  }

  async function notify(message) {
    const client = await open();
    // PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
    const pieces = message.match(PIECE).map((piece, index, { length }) => `${length - 1 - index} ${piece}`);
    await client.query("SELECT pg_notify('sockets', piece) FROM unnest($1::text[]) AS piece", [pieces]);
  }

  async function close() {
    const client = await connecting?.catch(() => undefined);
    client?.release(true);
  }

  return ALONE ? { open: async () => {}, say: hear, close: async () => {} } : { open, say, close };
}
