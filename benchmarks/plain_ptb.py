"""What a user would pick instead: python-telegram-bot as it comes, with its own updater and an empty handler."""

import argparse
import asyncio
import logging
import time

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def _run(root: str, token: str, count: int) -> None:
    done = asyncio.Event()
    seen = 0
    first = last = 0.0

    async def handle(_update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        nonlocal seen, first, last
        last = time.perf_counter()
        first = first or last
        seen += 1
        if seen >= count:
            done.set()

    application = Application.builder().token(token).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot").build()
    application.add_handler(MessageHandler(filters.ALL, handle))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0.0, timeout=5)
        print("ready", flush=True)
        await done.wait()
        print(f"{count / (last - first):.1f}", flush=True)
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(_run(options.root, options.token, options.count))
