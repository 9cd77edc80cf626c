import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Notification, PoolClient } from 'pg';
import { Subject } from 'rxjs';
import { DatabaseService } from '../database/database.service.js';
import type { Environment } from '../environment.js';

const PIECE = /.{1,1900}/gsu; // a notification holds less than 8000 bytes, a character up to 4
// PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
const NOTIFY = "SELECT pg_notify('sockets', piece) FROM unnest($1::text[]) AS piece";

/** What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself. */
@Injectable()
export class ChannelService implements BeforeApplicationShutdown {
  readonly messages = new Subject<string>();
  /** Messages may have been missed. */
  readonly lost = new Subject<void>();

  private readonly logger = new Logger(ChannelService.name);
  private readonly alone: boolean;
  private connecting: Promise<PoolClient> | undefined; // to the connection that listens
  private speaking: Promise<unknown> = Promise.resolve(); // ends with the last message, so that they keep their order

  constructor(
    private readonly database: DatabaseService,
    config: ConfigService<Environment, true>,
  ) {
    this.alone = config.get('WORKERS', { infer: true }) === 1;
  }

  async open(): Promise<void> {
    if (!this.alone) await this.listening();
  }

  async say(message: string): Promise<void> {
    if (this.alone) return this.messages.next(message);
    const said = this.speaking.then(() => this.notify(message));
    this.speaking = said.catch(() => undefined);
    return said;
  }

  async beforeApplicationShutdown(): Promise<void> {
    const client = await this.connecting?.catch(() => undefined);
    client?.release(true);
  }

  private async notify(message: string): Promise<void> {
    const client = await this.listening();
    const pieces = message.match(PIECE) ?? [];
    const numbered = pieces.map((piece, index) => `${pieces.length - 1 - index} ${piece}`);
    await client.query(NOTIFY, [numbered]);
  }

  private async listening(): Promise<PoolClient> {
    this.connecting ??= this.connect();
    try {
      return await this.connecting;
    } catch (error) {
      this.connecting = undefined;
      throw error;
    }
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.database.connect();
    const pieces: string[] = [];
    client.on('notification', ({ payload = '' }: Notification) => {
      const space = payload.indexOf(' ');
      pieces.push(payload.slice(space + 1));
      if (payload.slice(0, space) === '0') this.messages.next(pieces.splice(0).join(''));
    });
    client.once('error', (error) => {
      this.logger.error(error);
      this.connecting = undefined;
      client.release(error);
      this.lost.next();
    });
    await client.query('LISTEN sockets');
    return client;
  }
}
