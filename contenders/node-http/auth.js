// Bearer tokens: JSON Web Tokens, signed with HS256.
import { jwtVerify, SignJWT } from 'jose';
import { Problem } from './problem.js';

const ALGORITHM = 'HS256';
const RULES = { algorithms: [ALGORITHM], requiredClaims: ['sub', 'exp'] };
const BEARER = /^Bearer +(\S+)$/i;

// Imported once; jose would import the bytes of a key for each token.
const key = await crypto.subtle.importKey(
  'raw',
  Buffer.from(process.env.TOKEN_KEY),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['sign', 'verify'],
);

/** A token for `username` that ends in an hour. */
export function issueToken(username) {
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(username)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
}

async function subjectOf(token) {
  try {
    const { payload } = await jwtVerify(token, key, RULES);
    return payload.sub;
  } catch {
    return undefined;
  }
}

/** The user whom the token of a request names. */
export async function authenticate({ headers }) {
  const [, token] = BEARER.exec(headers.authorization) ?? [];
  const user = token && (await subjectOf(token));
  if (typeof user !== 'string' || user === '') throw unauthorized('a valid bearer token is required');
  return user;
}

export function unauthorized(detail) {
  return new Problem(401, { detail, headers: { 'WWW-Authenticate': 'Bearer' } });
}
