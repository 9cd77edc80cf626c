package shop.work;

import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import shop.ShopProperties;

/** Further routes, registered one by one: what the routes of a large application cost. */
@Configuration(proxyBeanMethods = false)
class MoreRoutes {
    @Bean
    RouterFunction<ServerResponse> more(ShopProperties properties) {
        var routes = RouterFunctions.route();
        for (var at = 1; at <= properties.moreRoutes(); at++) {
            var route = at;
            routes.GET("/routes/" + route + "/{id}",
                    request -> ServerResponse.ok().body(Map.of("route", route, "id", request.pathVariable("id"))));
        }
        return properties.moreRoutes() == 0 ? request -> Optional.empty() : routes.build();
    }
}
