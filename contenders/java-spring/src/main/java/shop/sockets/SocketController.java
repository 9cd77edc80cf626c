package shop.sockets;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.web.ProblemDocument;

/** The route of WebSockets for a request that does not ask for one. */
@RestController
class SocketController {
    @GetMapping(path = "/socket", headers = "!Upgrade")
    ResponseEntity<ProblemDetail> plain() {
        return ResponseEntity.status(HttpStatus.UPGRADE_REQUIRED)
                .header(HttpHeaders.UPGRADE, "websocket")
                .body(ProblemDocument.of(HttpStatus.UPGRADE_REQUIRED));
    }
}
