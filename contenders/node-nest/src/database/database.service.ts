import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Pool } from 'pg';
import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import type { Environment } from '../environment.js';

/** A statement with a name: PostgreSQL prepares it once per connection. */
export interface Statement {
  name: string;
  text: string;
}

/** What asks the database: the pool, or the connection of a transaction. */
export type Connection = Pick<PoolClient, 'query'>;

// Without a name: prepared or not makes no difference to one that has no parameters.
const PING: QueryConfig & { query_timeout: number } = { text: 'SELECT 1', query_timeout: 2_000 };

@Injectable()
export class DatabaseService implements OnApplicationShutdown {
  private readonly logger = new Logger(DatabaseService.name);
  private readonly pool: Pool;

  constructor(config: ConfigService<Environment, true>) {
    this.pool = new Pool({
      connectionString: config.get('DATABASE_URL', { infer: true }),
      max: config.get('DATABASE_POOL', { infer: true }),
      connectionTimeoutMillis: 10_000,
    });
    // A connection that breaks is replaced by the pool, and fails the query that was waiting for it. Without listeners it
    // would end the process.
    this.pool.on('error', (error) => this.logger.error(error));
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async rows<Row extends QueryResultRow>(
    statement: Statement,
    values: unknown[],
    connection: Connection = this.pool,
  ): Promise<Row[]> {
    const result = await connection.query<Row>({ ...statement, values });
    return result.rows;
  }

  async row<Row extends QueryResultRow>(
    statement: Statement,
    values: unknown[],
    connection?: Connection,
  ): Promise<Row | undefined> {
    const [first] = await this.rows<Row>(statement, values, connection);
    return first;
  }

  /** Commits what `work` does, or none of it when it throws. */
  async transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async ping(): Promise<void> {
    await this.pool.query(PING);
  }

  /** A connection that stays with who asks for it until `release`. */
  connect(): Promise<PoolClient> {
    return this.pool.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
