package shop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.regex.Pattern;

/** Bearer tokens: JSON Web Tokens, signed with HS256. */
final class Tokens {
    private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+)", Pattern.CASE_INSENSITIVE);
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final JWSHeader HEADER = new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();

    private final JWSSigner signer;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    Tokens(String key) {
        var bytes = key.getBytes(StandardCharsets.UTF_8);
        try {
            signer = new MACSigner(bytes);
        } catch (JOSEException error) {
            throw new IllegalStateException("TOKEN_KEY is no key for HS256", error);
        }
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.HS256, new ImmutableSecret<>(bytes)));
        var claims = new DefaultJWTClaimsVerifier<>(null, Set.of("sub", "exp"));
        claims.setMaxClockSkew(0);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** A token for that user, which ends in an hour. */
    String issue(String username) throws JOSEException {
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .subject(username)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        var token = new SignedJWT(HEADER, claims);
        token.sign(signer);
        return token.serialize();
    }

    /** The user whom the token of a request names. */
    String authenticate(Request request) {
        var bearer = BEARER.matcher(request.requested("Authorization"));
        var user = bearer.matches() ? subject(bearer.group(1)) : null;
        if (user == null || user.isEmpty()) throw unauthorized("a valid bearer token is required");
        return user;
    }

    private String subject(String token) {
        try {
            return processor.process(token, null).getSubject();
        } catch (ParseException | BadJOSEException | JOSEException error) {
            return null;
        }
    }

    static Problem unauthorized(String detail) {
        return new Problem(401, detail).with("WWW-Authenticate", "Bearer");
    }
}
