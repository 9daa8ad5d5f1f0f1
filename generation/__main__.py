"""The operator's tools for the models: ``python -m generation fetch|check|plan|bench``."""

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from generation.catalog import SHIPPED_CATALOG, Catalog, Model, load_catalog
from generation.errors import CatalogError, LockDamaged
from generation.fetch import DiskTooSmall, cache_folder, check_disk, downloads, fetch, missing_bytes, pinned
from generation.locks import LOCK_NAME, RevisionLock
from generation.pipelines.settings import GPU_PREFIX, PipelineSettings, PlanName
from generation.pipelines.weights import LIBRARIES_INSTALLED, LIBRARIES_MISSING, usable_models
from storage.settings import PREFIX, AtHome, DataSettings, WrongSettings, read_settings

GB = 10**9

PLAN_TEXTS: dict[PlanName, str] = {
    "resident": "all weights on the card",
    "offload": "one component at a time on the card",
    "stream": "blocks pass through the card",
    "stream_int8": "the same, transformer weights in 8 bits (torchao), VAE in tiles",
}

BENCH_COLUMNS = (
    *("shape", "preset", "load", "text", "step", "decode", "encode", "whole", "same prompt", "bare", "plain"),
    *("ours / bare", "ours / plain", "CPU ours / bare", "peak GB", "TFLOP a call", "of peak"),
)


class _BotSettings(DataSettings):
    """Where the bot keeps its data and finds its menu."""

    catalog: AtHome = SHIPPED_CATALOG


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one tool; returns the process's exit code: 0 done, 1 something is missing, 2 called wrongly."""
    prefixes = (GPU_PREFIX, f"{PREFIX}DATA", f"{PREFIX}CATALOG")
    try:
        read_settings(PipelineSettings, _BotSettings, prefixes=prefixes)
        shared = read_settings(_BotSettings, PipelineSettings, prefixes=prefixes)
    except WrongSettings as error:
        print(error, file=sys.stderr)
        return 2
    options = _parser(shared).parse_args(arguments)
    try:
        menu = RevisionLock.read(options.data_folder / LOCK_NAME).pin(load_catalog(options.catalog))
        models = _chosen(menu, options.models)
    except (CatalogError, LockDamaged, KeyError) as error:
        print(error.args[0], file=sys.stderr)
        return 2
    tools = {"fetch": _fetch, "check": _check, "plan": _plan, "bench": _bench}
    try:
        return tools[options.tool](models, options)
    except ModuleNotFoundError:
        if LIBRARIES_INSTALLED:
            raise
        print(LIBRARIES_MISSING, file=sys.stderr)
        return 1


def _parser(shared: _BotSettings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generation", description=__doc__)
    menu_help = "another menu than the bot's"
    folder = shared.data_folder
    parser.add_argument("--catalog", type=Path, default=shared.catalog, help=menu_help)
    parser.add_argument("--data-folder", type=Path, default=folder, help=f"the bot's folder, with {LOCK_NAME}")
    tools = parser.add_subparsers(dest="tool", required=True)
    texts = {
        "fetch": "download the weights of models, after checking the disk",
        "check": "say which models can be used on this machine, and why not",
        "plan": "show how models would be laid out in this card's memory",
        "bench": "measure a model with random weights, beside the plain diffusers script",
    }
    for name, text in texts.items():
        tool = tools.add_parser(name, help=text)
        tool.add_argument("--catalog", type=Path, default=argparse.SUPPRESS, help=menu_help)
        tool.add_argument("models", nargs="+" if name in ("fetch", "bench") else "*", metavar="MODEL")
        if name == "plan":
            tool.add_argument("--card-gb", type=gigabytes, help="as if the card had so much memory (GB of 10^9 bytes)")
        if name == "bench":
            tool.add_argument("--random-weights", action="store_true", required=True, help="nothing is downloaded")
            tool.add_argument("--tiny", action="store_true", help="a tiny model and tiny clips, for any machine")
            tool.add_argument("--device", choices=["cuda", "cpu"], help="instead of the device of the settings")
    return parser


def gigabytes(text: str) -> float:
    """A size of more than nothing; its name stands in argparse's words about a wrong one."""
    number = float(text)
    if not 0 < number < math.inf:
        raise ValueError(text)
    return number


def _chosen(menu: Catalog, names: Sequence[str]) -> list[Model]:
    known = {model.id: model for model in menu if model.repository}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise KeyError(f"no such model: {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names] or list(known.values())


def _fetch(models: list[Model], options: argparse.Namespace) -> int:
    from huggingface_hub import constants
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    wanted = list(dict.fromkeys(download for model in models for download in downloads(model)))
    try:
        if not constants.HF_HUB_OFFLINE:
            lock = RevisionLock.read(options.data_folder / LOCK_NAME)
            wanted = [pinned(download, lock) for download in wanted]
            needed = sum(missing_bytes(download) for download in wanted)
            check_disk(cache_folder(), needed)
            print(f"{needed / GB:.1f} GB to download to {cache_folder()}")
        for download in wanted:
            try:
                print(f"{download.repository} @ {download.revision}: {fetch(download)}")
            except LocalEntryNotFoundError:
                print(f"{download.repository} @ {download.revision} is not in {cache_folder()}", file=sys.stderr)
                return 1
    except DiskTooSmall as error:
        free, needed_gb = error.free_bytes / GB, error.needed_bytes / GB
        print(f"{needed_gb:.1f} GB to download, and {error.folder} has {free:.1f} GB free", file=sys.stderr)
        return 1
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 1
    return 0


def _check(models: list[Model], options: argparse.Namespace) -> int:
    menu = Catalog({model.id: model for model in models})
    usable, problems = usable_models(menu, PipelineSettings())
    for model in usable:
        print(f"{model.id}: ready")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _plan(models: list[Model], options: argparse.Namespace) -> int:
    from generation.pipelines.memory import card_bytes_total, host_bytes_total, host_share_bytes, waiting_limit_bytes

    settings = PipelineSettings()
    try:
        card_bytes = int(options.card_gb * GB) if options.card_gb else card_bytes_total(settings)
    except (RuntimeError, AssertionError) as error:
        print(f"no card to plan for ({str(error).splitlines()[0]}); name its size with --card-gb", file=sys.stderr)
        return 1
    share, limit = host_share_bytes(settings) / GB, waiting_limit_bytes(settings) / GB
    print(f"card {card_bytes / GB:.1f} GB, host {host_bytes_total() / GB:.1f} GB", end="")
    print(f"; each of {settings.workers} workers has {share:.1f} GB of it, {limit:.1f} GB for weights that wait")
    for model in models:
        _print_plans(model, settings, card_bytes)
    return 0


def _print_plans(model: Model, settings: PipelineSettings, card_bytes: int) -> None:
    from generation.pipelines.memory import choose_plan, host_share_bytes, keeps_variants, plans, waiting_limit_bytes

    host_bytes = host_share_bytes(settings)
    chosen = choose_plan(model, card_bytes, host_bytes, settings.plan)
    short = "" if chosen.card_gb * GB <= card_bytes and chosen.host_gb * GB <= host_bytes else "  (may not fit)"
    print(f"{model.id}: {chosen.name}{short}")
    for plan in plans(model):
        mark = "*" if plan == chosen else " "
        needs = f"card {plan.card_gb:5.1f} GB   host {plan.host_gb:5.1f} GB"
        print(f"  {mark} {plan.name:<12} {needs}   {PLAN_TEXTS[plan.name]}")
    if model.lora is not None:
        kept = keeps_variants(model, chosen, waiting_limit_bytes(settings))
        print(f"    from fast to standard and back: {'a copy' if kept else 'the model loads again'}")


def _bench(models: list[Model], options: argparse.Namespace) -> int:
    from generation.pipelines.bench import bench

    settings = PipelineSettings()
    if options.device:
        settings = settings.model_copy(update={"device": options.device})
    if options.tiny and settings.plan is None:
        settings = settings.model_copy(update={"plan": "resident"})
    for model in models:
        print(f"\n{model.id} on {settings.place}, random weights{', tiny' if options.tiny else ''}; seconds\n")
        _print_row(BENCH_COLUMNS)
        _print_row(["---"] * len(BENCH_COLUMNS))
        for f in bench(model, settings, tiny=options.tiny):
            spent = (f.whole, f.again, f.bare, f.plain)
            times = (f.load, f.text, f.step, f.decode, f.encode, *(each.seconds for each in spent))
            ratios = (f.whole.seconds / f.bare.seconds, f.whole.seconds / f.plain.seconds, f.whole.work / f.bare.work)
            share = "-" if f.peak_share is None else f"{f.peak_share:.0%}"
            device = (f"{f.peak_bytes / GB:.1f}", f"{f.flops / 1e12:.3g}", share)
            cells = (*(f"{seconds:.3f}" for seconds in times), *(f"{ratio:.2f}" for ratio in ratios), *device)
            _print_row([f.shape, f.preset, *cells])
    return 0


def _print_row(cells: Sequence[str]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
