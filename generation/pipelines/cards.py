"""Counts the graphics cards that the models could run on, without torch."""

import ctypes

CUDA_DRIVER = "libcuda.so.1"


def cards_visible() -> int:
    """How many cards the CUDA driver offers this process, CUDA_VISIBLE_DEVICES respected; 0 without a driver.

    The driver is asked rather than /dev, where containers, WSL and partitioned cards look different. It is neither
    given a context nor memory of a card. AMD's cards are not counted.
    """
    try:
        driver = ctypes.CDLL(CUDA_DRIVER)
    except OSError:
        return 0
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value
