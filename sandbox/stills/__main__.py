"""Draws the shipped stills again, into this folder."""

from pathlib import Path

from sandbox.stills import lighthouse, sailing


def main() -> None:
    """Write one JPEG for each scene."""
    folder = Path(__file__).parent
    for name, image in (("lighthouse", lighthouse.paint()), ("sailing", sailing.paint())):
        image.save(folder / f"{name}.jpg", quality=88, optimize=True)


if __name__ == "__main__":
    main()
