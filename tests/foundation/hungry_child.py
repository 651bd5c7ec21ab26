"""A child for tests: does what each request says."""

from bpm.foundation.bounded_child import bound_cpu, bound_memory, frames, read_frame, write_frame


def main() -> None:
    bound_memory(128 * 2**20)
    requests, answers = frames()
    while (frame := read_frame(requests)) is not None:
        bound_cpu(0.2)
        if frame == b"spin":
            while True:
                pass
        if frame == b"eat":
            try:
                bytearray(2**30)
            except MemoryError:
                frame = b"full"
        if frame == b"die":
            raise SystemExit
        if frame == b"wait":
            read_frame(requests)
        write_frame(answers, frame)
        bound_cpu(0)


if __name__ == "__main__":
    main()
