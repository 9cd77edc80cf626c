package shop;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.SCrypt;

/** Passwords with scrypt, which the JDK has not, compared in constant time. */
final class Passwords {
    /** What the table of users has of a password, in hexadecimal. */
    record Stored(String salt, String hash) {}

    private static final int HASH_BYTES = 32;
    private static final int COST = 16_384;

    /** Stands in for an unknown user, so that the time does not show who exists. */
    static final Stored NOBODY = new Stored(random(16), random(HASH_BYTES));

    private Passwords() {}

    static boolean match(String password, Stored stored) {
        var salt = HexFormat.of().parseHex(stored.salt());
        var hash = SCrypt.generate(password.getBytes(StandardCharsets.UTF_8), salt, COST, 8, 1, HASH_BYTES);
        return MessageDigest.isEqual(hash, HexFormat.of().parseHex(stored.hash()));
    }

    private static String random(int bytes) {
        var random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
