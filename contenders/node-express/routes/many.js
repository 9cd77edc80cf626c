// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs.
import express from 'express';

export const many = express.Router();

for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
  many.get(`/routes/${route}`, (_req, res) => res.json({ route }));
}
