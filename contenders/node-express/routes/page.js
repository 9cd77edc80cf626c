import express from 'express';
import { z } from 'zod';
import { listItems } from '../items.js';
import { otherMethods } from '../methods.js';
import { check, text } from '../validate.js';

const PAGE_SIZE = 20;
const PageQuery = z.object({ category: text().optional() });

export const page = express.Router();

async function showItems(req, res) {
  const { category } = check(PageQuery, req.query);
  const { items } = await listItems({ category, after: 0, limit: PAGE_SIZE });
  res.render('page', { title: `Items in ${category ?? 'all categories'}`, items });
}

page.route('/').get(showItems).all(otherMethods);
