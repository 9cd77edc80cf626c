// Bearer tokens: JSON Web Tokens, signed with HS256.
import { createSecretKey } from 'node:crypto';
import createError from 'http-errors';
import jwt from 'jsonwebtoken';

const ALGORITHM = 'HS256';
const BEARER = /^Bearer +(\S+)$/i;

const key = createSecretKey(process.env.TOKEN_KEY, 'utf8');

/** A token for `username` that ends in an hour. */
export function issueToken(username) {
  return jwt.sign({}, key, { algorithm: ALGORITHM, subject: username, expiresIn: '1h' });
}

export function unauthorized(message) {
  return createError(401, message, { headers: { 'WWW-Authenticate': 'Bearer' } });
}

function claimsOf(token) {
  try {
    return jwt.verify(token, key, { algorithms: [ALGORITHM] });
  } catch {
    return {};
  }
}

/** Lets a request pass whose token is valid; `req.user` has its claims. */
export function authenticate(req, _res, next) {
  if (req.method === 'OPTIONS') return next(); // answered to everybody
  const [, token] = BEARER.exec(req.get('Authorization')) ?? [];
  const claims = token ? claimsOf(token) : {};
  // jsonwebtoken checks when a token ends, but not that it does.
  if (typeof claims.sub !== 'string' || claims.exp === undefined) {
    return next(unauthorized('a valid bearer token is required'));
  }
  req.user = claims;
  next();
}
