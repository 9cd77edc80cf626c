import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../database/database.service.js';
import type { PasswordRecord } from './passwords.js';

const FIND = { name: 'find-user', text: 'SELECT username, salt, hash FROM users WHERE username = $1' };

@Injectable()
export class UsersService {
  constructor(private readonly database: DatabaseService) {}

  find(username: string): Promise<PasswordRecord | undefined> {
    return this.database.row<{ username: string } & PasswordRecord>(FIND, [username]);
  }
}
