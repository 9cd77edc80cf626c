import { pool } from './database.js';

const FIND = { name: 'find-user', text: 'SELECT username, salt, hash FROM users WHERE username = $1' };

export async function findUser(username) {
  const { rows } = await pool.query({ ...FIND, values: [username] });
  return rows[0];
}
