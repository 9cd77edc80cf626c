// Passwords with scrypt, computed in Node's thread pool and compared in constant time.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const HASH_BYTES = 32;
const COST = { N: 16_384, r: 8, p: 1 };

export interface PasswordRecord {
  salt: string;
  hash: string;
}

// Stands in for an unknown user's record, so that the time does not tell who exists.
const NOBODY = { salt: randomBytes(16).toString('hex'), hash: randomBytes(HASH_BYTES).toString('hex') };

export async function passwordMatches(password: string, user: PasswordRecord = NOBODY): Promise<boolean> {
  const hash = await derive(password, Buffer.from(user.salt, 'hex'), HASH_BYTES, COST);
  return timingSafeEqual(hash, Buffer.from(user.hash, 'hex'));
}
