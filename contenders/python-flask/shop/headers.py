"""The security headers of every response, as Flask's documentation has them."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def secure(response):
    response.headers.update(HEADERS)
    return response


def init_app(app):
    app.after_request(secure)
