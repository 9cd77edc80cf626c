import pg from 'pg';

export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_POOL ?? 10),
  connectionTimeoutMillis: 10_000,
});

// An idle connection that breaks is replaced by the pool; without a listener it would end the process.
pool.on('error', (error) => console.error('idle database connection:', error.message));
