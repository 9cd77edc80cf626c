package shop.accounts;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;
import shop.ShopProperties;

/** Issues bearer tokens. */
@Component
class Tokens {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final JwsHeader HEADER = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();

    private final JwtEncoder encoder;

    Tokens(JwtEncoder encoder) {
        this.encoder = encoder;
    }

    /** A token for that user, which ends in an hour. */
    String issue(String username) {
        var now = Instant.now();
        var claims = JwtClaimsSet.builder().subject(username).issuedAt(now).expiresAt(now.plus(LIFETIME)).build();
        return encoder.encode(JwtEncoderParameters.from(HEADER, claims)).getTokenValue();
    }

    /** One key signs and verifies: HS256, and no other algorithm. */
    @Configuration(proxyBeanMethods = false)
    static class Keys {
        @Bean
        SecretKey tokenKey(ShopProperties properties) {
            return new SecretKeySpec(properties.tokenKey().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        }

        @Bean
        JwtEncoder jwtEncoder(SecretKey key) {
            return new NimbusJwtEncoder(new ImmutableSecret<>(key));
        }

        @Bean
        JwtDecoder jwtDecoder(SecretKey key) {
            var decoder = NimbusJwtDecoder.withSecretKey(key).macAlgorithm(MacAlgorithm.HS256).build();
            decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                    new JwtTimestampValidator(Duration.ZERO),
                    new JwtClaimValidator<Instant>(JwtClaimNames.EXP, end -> end != null),
                    new JwtClaimValidator<String>(JwtClaimNames.SUB, user -> user != null && !user.isEmpty())));
            return decoder;
        }
    }
}
