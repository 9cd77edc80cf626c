package shop;

import java.util.Map;

/** Further routes, registered one by one: what the routes of a large application cost. */
final class ManyRoutes {
    private final int count;

    ManyRoutes(int count) {
        this.count = count;
    }

    void addTo(Router router) {
        for (var at = 1; at <= count; at++) {
            var route = at;
            router.get("/routes/" + route + "/{id}",
                    request -> request.sendJson(200, Map.of("route", route, "id", request.parameters.get("id"))));
        }
    }
}
