package shop;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The settings of the service itself. */
@ConfigurationProperties("shop")
public record ShopProperties(String tokenKey, String upstreamUrl, int moreRoutes) {}
