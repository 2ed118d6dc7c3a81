"""A hub for one test: the exported configuration as it is, and around it what a hub needs on one computer."""

import os

from jupyterhub.proxy import Proxy

c = get_config()  # noqa: F821
load_subconfig(os.environ["EXPORTED_CONFIG"])  # noqa: F821


class NoProxy(Proxy):
    """The hub is asked directly; it only has to be told that its routes are there."""

    should_start = False
    routes = {}

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    async def get_all_routes(self):
        return self.routes


c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
# A slow machine must not make the hub answer "accepted, still working" (202) instead of "done".
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 110, "slow_stop_timeout": 110}
c.Spawner.start_timeout = 110
c.Spawner.http_timeout = 110
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = int(os.environ["HUB_PORT"])
c.JupyterHub.bind_url = "http://127.0.0.1:" + os.environ["HUB_BIND_PORT"]
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["HUB_API_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers"]}
]
c.Spawner.cmd = ["/bin/sh", os.environ["HUB_START"]]
c.SimpleLocalProcessSpawner.home_dir_template = os.environ["HUB_HOMES"] + "/{username}"
