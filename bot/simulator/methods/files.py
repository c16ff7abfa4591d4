"""getFile; the download itself is a route of the server."""

from bot.simulator.calls import Call
from bot.simulator.methods.registry import method
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World


@method("getFile")
async def get_file(world: World, call: Call) -> Json:
    """Size and path of a file of at most 20 MB."""
    file_id = call.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    return world.files.downloadable(file_id).as_json()
