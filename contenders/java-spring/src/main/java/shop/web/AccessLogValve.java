package shop.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;

/** Hands every response to the log of requests, those that Tomcat gives without the application too. */
class AccessLogValve extends ValveBase implements AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final String CONTEXT = RequestAttributeSecurityContextRepository.DEFAULT_REQUEST_ATTR_NAME;

    private boolean attributes;

    AccessLogValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
    }

    @Override
    public void log(Request request, Response response, long nanoseconds) {
        LOG.atInfo()
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", request.getRequestURI())
                .addKeyValue("status", response.getStatus())
                .addKeyValue("duration_ms", Math.round(nanoseconds / 10_000.0) / 100.0)
                .addKeyValue("user", user(request))
                .log("");
    }

    private static String user(Request request) {
        var context = request.getAttribute(CONTEXT);
        var isKnown = context instanceof SecurityContext security
                && security.getAuthentication() instanceof JwtAuthenticationToken;
        return isKnown ? ((SecurityContext) context).getAuthentication().getName() : null;
    }

    @Override
    public void setRequestAttributesEnabled(boolean enabled) {
        attributes = enabled;
    }

    @Override
    public boolean getRequestAttributesEnabled() {
        return attributes;
    }
}
