import express from 'express';
import createError from 'http-errors';
import { pool } from '../database.js';

export const health = express.Router();

health.get('/', async (_req, res) => {
  try {
    await pool.query({ text: 'SELECT 1', query_timeout: 2_000 });
  } catch (error) {
    console.error('the database does not answer:', error.message);
    throw createError(503, 'the database does not answer', { expose: true });
  }
  res.json({ status: 'ok' });
});
