import express from 'express';
import createError from 'http-errors';
import { z } from 'zod';
import { passwordMatches } from '../passwords.js';
import { findUser } from '../users.js';
import { check, jsonBody, text } from '../validate.js';

const Credentials = z.object({ username: text(), password: text() });

export const login = express.Router();

login.post('/', jsonBody, async (req, res) => {
  const { username, password } = check(Credentials, req.body);
  const user = await findUser(username);
  if (!(await passwordMatches(password, user)) || !user) {
    throw createError(401, 'unknown user or wrong password');
  }
  res.json({ username });
});
