"""The routes. A path that matches none of them is a 404."""

ITEM_ID = "{item_id:[0-9]{1,10}}"


def includeme(config):
    config.add_route("hello", "/json")
    config.add_route("health", "/health")
    config.add_route("wait", "/wait")
    config.add_route("fan_out", "/fan-out")
    config.add_route("compute", "/compute")
    config.add_route("items", "/items")
    config.add_route("item", f"/items/{ITEM_ID}")
    config.add_route("orders", "/orders")
    config.add_route("page", "/page")
    config.add_route("login", "/login")
    config.add_route("upload", "/upload")
    config.add_route("download", "/download")
    config.add_route("events", "/events")
