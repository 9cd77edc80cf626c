import express from 'express';
import { z } from 'zod';
import { issueToken, unauthorized } from '../auth.js';
import { otherMethods } from '../methods.js';
import { passwordMatches } from '../passwords.js';
import { findUser } from '../users.js';
import { check, jsonBody, text } from '../validate.js';

const Credentials = z.object({ username: text(), password: text() });

export const login = express.Router();

async function logIn(req, res) {
  const { username, password } = check(Credentials, req.body);
  const user = await findUser(username);
  if (!(await passwordMatches(password, user)) || !user) {
    throw unauthorized('unknown user or wrong password');
  }
  res.json({ username, token: issueToken(username) });
}

login.route('/').post(jsonBody, logIn).all(otherMethods);

export { Credentials }; // a page checks by them too
