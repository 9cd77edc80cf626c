package shop.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;

/** Refuses bodies above 65,536 bytes on all routes but that of uploads: Tomcat limits forms alone. */
@Component
class BodyLimitFilter extends OncePerRequestFilter {
    private static final int BODY_MAX = 65_536;

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getRequestURI().equals("/upload");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getContentLengthLong() > BODY_MAX) {
            response.sendError(HttpStatus.CONTENT_TOO_LARGE.value());
        } else if (request.getContentLengthLong() >= 0) {
            chain.doFilter(request, response);
        } else {
            chain.doFilter(new Limited(request), response);
        }
    }

    /** A body in chunks, whose length shows while it is read. */
    private static final class Limited extends HttpServletRequestWrapper {
        Limited(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            var body = super.getInputStream();
            return new ServletInputStream() {
                private int seen;

                @Override
                public int read() throws IOException {
                    var one = body.read();
                    if (one >= 0) count(1);
                    return one;
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    var read = body.read(into, from, length);
                    count(Math.max(read, 0));
                    return read;
                }

                private void count(int bytes) {
                    seen += bytes;
                    if (seen > BODY_MAX) throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE);
                }

                @Override
                public boolean isFinished() {
                    return body.isFinished();
                }

                @Override
                public boolean isReady() {
                    return body.isReady();
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    body.setReadListener(listener);
                }
            };
        }
    }
}
