// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the routes of a large application cost.
import express from 'express';
import { otherMethods } from '../methods.js';

export const many = express.Router();

for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
  many
    .route(`/routes/${route}/:id`)
    .get((req, res) => res.json({ route, id: req.params.id }))
    .all(otherMethods);
}
