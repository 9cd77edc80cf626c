// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the routes of a large application cost.
export const many = {
  name: 'many',
  register(server) {
    for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
      server.route({
        method: 'GET',
        path: `/routes/${route}/{id}`,
        handler: (request) => ({ route, id: request.params.id }),
      });
    }
  },
};
