import express from 'express';
import createError from 'http-errors';
import { pool } from '../database.js';
import { log } from '../log.js';
import { otherMethods } from '../methods.js';

export const health = express.Router();

async function ready(_req, res) {
  try {
    await pool.query({ text: 'SELECT 1', query_timeout: 2_000 });
  } catch (error) {
    log.error(error, 'the database does not answer');
    throw createError(503, 'the database does not answer', { expose: true });
  }
  res.json({ status: 'ok' });
}

health.route('/').get(ready).all(otherMethods);
