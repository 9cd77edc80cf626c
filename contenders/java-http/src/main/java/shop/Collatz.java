package shop;

/** The longest Collatz chain. */
final class Collatz {
    record Chain(int n, int start, int length) {}

    private Collatz() {}

    /** The smallest start below {@code n} with the longest chain, and the length of that chain. */
    static Chain longestBelow(int n) {
        var start = 0;
        var length = 0;
        for (var candidate = 1; candidate < n; candidate++) {
            var members = 1;
            for (long value = candidate; value != 1; members++) {
                value = value % 2 == 0 ? value / 2 : 3 * value + 1;
            }
            if (members > length) {
                start = candidate;
                length = members;
            }
        }
        return new Chain(n, start, length);
    }
}
