import express from 'express';
import createError from 'http-errors';
import { channel, upgrade } from '../sockets.js';

export const socket = express.Router();

socket.get('/', async (req, res) => {
  if (!req.upgradeHead) throw createError(426, { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  try {
    await channel.open();
  } catch (error) {
    console.error('the database does not answer:', error.message);
    throw createError(503, 'the database does not answer', { expose: true });
  }
  res.detachSocket(req.socket);
  upgrade(req, req.upgradeHead);
});
