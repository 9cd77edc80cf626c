package shop.accounts;

import jakarta.validation.Valid;
import java.util.concurrent.ExecutionException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import shop.web.Text;
import shop.work.Computing;

/** Gives a token for a password. */
@RestController
class LoginController {
    record Credentials(@Text String username, @Text String password) {}

    record Granted(String username, String token) {}

    private final Users users;
    private final Tokens tokens;
    private final Computing computing;

    LoginController(Users users, Tokens tokens, Computing computing) {
        this.users = users;
        this.tokens = tokens;
        this.computing = computing;
    }

    @PostMapping(path = "/login", consumes = "application/json")
    Granted login(@Valid @RequestBody Credentials credentials) throws InterruptedException, ExecutionException {
        var found = users.find(credentials.username());
        var stored = found.orElse(Passwords.NOBODY);
        var matches = computing.run(() -> Passwords.match(credentials.password(), stored));
        if (!matches || found.isEmpty()) {
            throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "unknown user or wrong password");
        }
        return new Granted(credentials.username(), tokens.issue(credentials.username()));
    }
}
