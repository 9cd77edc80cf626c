package shop;

import java.util.Map;

/** The route that gives a token for a password. */
final class Login {
    private static final String FIND = "SELECT salt, hash FROM users WHERE username = ?";

    private final Database database;
    private final Computing computing;
    private final Tokens tokens;

    Login(Database database, Computing computing, Tokens tokens) {
        this.database = database;
        this.computing = computing;
        this.tokens = tokens;
    }

    void addTo(Router router) {
        router.add("POST", "/login", new Router.Route(this::login, true));
    }

    private void login(Request request) throws Exception {
        var body = Validation.of(request.json());
        var username = body.text("username");
        var password = body.text("password");
        body.done();
        var found = database.rows(FIND, row -> new Passwords.Stored(row.getString(1), row.getString(2)), username);
        var stored = found.isEmpty() ? Passwords.NOBODY : found.getFirst();
        if (!computing.run(() -> Passwords.match(password, stored)) || found.isEmpty()) {
            throw Tokens.unauthorized("unknown user or wrong password");
        }
        request.sendJson(200, Map.of("username", username, "token", tokens.issue(username)));
    }
}
