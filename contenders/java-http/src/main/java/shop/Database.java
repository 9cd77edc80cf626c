package shop;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL by JDBC, through one pool of connections. */
final class Database implements AutoCloseable {
    /** What one row becomes. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** What is done with one connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private final HikariDataSource pool;

    Database(String url, int connections) {
        var address = URI.create(url);
        var user = address.getRawUserInfo().split(":", 2);
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://%s:%d%s"
                .formatted(address.getHost(), address.getPort() < 0 ? 5432 : address.getPort(), address.getPath()));
        config.setUsername(decode(user[0]));
        if (user.length > 1) config.setPassword(decode(user[1]));
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(10_000);
        pool = new HikariDataSource(config);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The rows of a statement on a connection of its own. */
    <T> List<T> rows(String sql, Row<T> row, Object... values) throws SQLException {
        try (var connection = pool.getConnection()) {
            return rows(connection, sql, row, values);
        }
    }

    static <T> List<T> rows(Connection connection, String sql, Row<T> row, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var at = 0; at < values.length; at++) statement.setObject(at + 1, values[at]);
            try (var found = statement.executeQuery()) {
                var rows = new ArrayList<T>();
                while (found.next()) rows.add(row.read(found));
                return rows;
            }
        }
    }

    static void run(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var at = 0; at < values.length; at++) statement.setObject(at + 1, values[at]);
            statement.executeUpdate();
        }
    }

    /** What {@code work} makes of a connection, in one transaction: all of it, or nothing where it throws. */
    <T> T transaction(Work<T> work) throws SQLException {
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false); // the pool sets it back
            try {
                var result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException error) {
                connection.rollback();
                throw error;
            }
        }
    }

    /** Whether the database answers within two seconds. */
    boolean answers() {
        try (var connection = pool.getConnection(); var statement = connection.createStatement()) {
            statement.setQueryTimeout(2);
            return statement.execute("SELECT 1");
        } catch (SQLException error) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
