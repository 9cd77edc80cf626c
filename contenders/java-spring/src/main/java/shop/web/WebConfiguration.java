package shop.web;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import tools.jackson.databind.JacksonModule;

/** Tokens and headers of all routes, the log of requests, and how bodies are read. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {
    @Bean
    SecurityFilterChain security(HttpSecurity http, TokenProblems problems) throws Exception {
        return http
                .authorizeHttpRequests(routes -> routes
                        .requestMatchers(HttpMethod.OPTIONS).permitAll()
                        .requestMatchers("/health", "/login", "/error").permitAll()
                        .anyRequest().authenticated())
                .oauth2ResourceServer(server -> server.authenticationEntryPoint(problems).jwt(jwt -> {}))
                .headers(headers -> headers
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                        .cacheControl(cache -> cache.disable()))
                // There are no cookies, so nobody can forge a request with them, and nothing is kept between requests.
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .anonymous(anonymous -> {})
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> accessLog() {
        return factory -> factory.addEngineValves(new AccessLogValve());
    }

    @Bean
    JacksonModule strictTypes() {
        return Bodies.strictTypes();
    }
}
