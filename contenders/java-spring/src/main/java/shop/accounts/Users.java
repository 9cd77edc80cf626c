package shop.accounts;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of users. */
@Repository
class Users {
    private final JdbcClient jdbc;

    Users(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Passwords.Stored> find(String username) {
        return jdbc.sql("SELECT salt, hash FROM users WHERE username = ?")
                .param(username)
                .query((row, number) -> new Passwords.Stored(row.getString("salt"), row.getString("hash")))
                .optional();
    }
}
