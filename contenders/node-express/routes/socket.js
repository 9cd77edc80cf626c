import express from 'express';
import createError from 'http-errors';
import { log } from '../log.js';
import { otherMethods } from '../methods.js';
import { channel, upgrade } from '../sockets.js';

export const socket = express.Router();

async function open(req, res) {
  if (!req.upgradeHead) throw createError(426, { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  try {
    await channel.open();
  } catch (error) {
    log.error(error, 'the database does not answer');
    throw createError(503, 'the database does not answer', { expose: true });
  }
  upgrade(req, res);
}

socket.route('/').get(open).all(otherMethods);
