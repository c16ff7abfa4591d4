"""`python -m benchmarks`: every measurement that needs no corpus from outside, one after the other."""

from benchmarks import throughput

if __name__ == "__main__":
    throughput.main()
