import pg from 'pg';
import { log } from './log.js';

export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_POOL ?? 10),
  connectionTimeoutMillis: 10_000,
});

// A connection that breaks is replaced by the pool, and fails the query that was waiting for it. Without listeners it
// would end the process.
pool.on('error', (error) => log.error(error, 'idle database connection'));
pool.on('connect', (client) => client.on('error', () => {}));

/** What `work` makes of a connection, in one transaction: all of it, or nothing where `work` throws. */
export async function transaction(work) {
  const client = await pool.connect();
  let broken; // a connection that cannot roll back is not used again
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((reason) => {
      broken = reason;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
