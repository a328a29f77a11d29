package dev.cairn.processors;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Arithmetic on the numbers of JSON: integers are exact ({@link Long} where they fit, else {@link BigInteger}), all others
 * are finite {@link Double}s.
 */
final class Numbers {

    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    /** Up to here, in both directions, every integer is a double too. */
    private static final long MAX_EXACT_IN_DOUBLE = 1L << 53;

    private Numbers() {}

    /**
     * The number in the one form that it has here.
     *
     * @throws IllegalArgumentException when it is of another type
     * @throws ArithmeticException when it is a double that is not finite
     */
    static Number canonical(Number number) {
        if (number instanceof Long) {
            return number;
        }
        if (number instanceof Double value) {
            return finite(value);
        }
        if (number instanceof Integer) {
            return number.longValue();
        }
        if (number instanceof BigInteger value) {
            return value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0
                    ? (Number) value.longValue()
                    : value;
        }
        throw new IllegalArgumentException("not a number of JSON: " + number);
    }

    /**
     * The sum of two numbers in canonical form, and in that form: exact for integers, a double once a double takes part.
     *
     * @throws ArithmeticException when it is not finite as a double
     */
    static Number sum(Number a, Number b) {
        if (a instanceof Double || b instanceof Double) {
            return finite(a.doubleValue() + b.doubleValue());
        }
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            boolean overflow = ((x ^ sum) & (y ^ sum)) < 0;
            return overflow ? (Number) big(a).add(big(b)) : (Number) sum;
        }
        return canonical(big(a).add(big(b)));
    }

    /** Compares two numbers in canonical form by their exact values. */
    static int compare(Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (isExactAsDouble(a) && isExactAsDouble(b)) {
            double x = a.doubleValue();
            double y = b.doubleValue();
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return decimal(a).compareTo(decimal(b));
    }

    /**
     * Compares two numbers in canonical form by their exact values, and equal ones by how they are written: integers first,
     * then -0.0, then 0.0.
     */
    static int order(Number a, Number b) {
        int order = compare(a, b);
        if (order != 0) {
            return order;
        }
        return a instanceof Double x && b instanceof Double y
                ? Double.compare(x, y)
                : Boolean.compare(a instanceof Double, b instanceof Double);
    }

    /**
     * A number in canonical form as a decimal, so that sums are exact and do not depend on an order: 0.1 is a tenth. A double
     * has at least one decimal place, and an integer none.
     */
    static BigDecimal asWritten(Number number) {
        if (number instanceof Double value) {
            BigDecimal decimal = BigDecimal.valueOf(value);
            return decimal.scale() < 1 ? decimal.setScale(1) : decimal;
        }
        return new BigDecimal(big(number));
    }

    /**
     * The number in canonical form of a sum of such decimals: an integer where all were integers, else a double.
     *
     * @throws ArithmeticException when it is not finite as a double
     */
    static Number asNumber(BigDecimal sum) {
        return sum.scale() < 1 ? canonical(sum.toBigIntegerExact()) : finite(sum.doubleValue());
    }

    /** A double where it is finite as such, else without its fraction. */
    static Number average(BigDecimal sum, long count) {
        BigDecimal average = sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
        double value = average.doubleValue();
        return Double.isFinite(value) ? (Number) value : sum.toBigInteger().divide(BigInteger.valueOf(count));
    }

    private static boolean isExactAsDouble(Number number) {
        return number instanceof Double
                || (number instanceof Long value && value >= -MAX_EXACT_IN_DOUBLE && value <= MAX_EXACT_IN_DOUBLE);
    }

    private static BigInteger big(Number integer) {
        return integer instanceof BigInteger value ? value : BigInteger.valueOf(integer.longValue());
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof Double value ? new BigDecimal(value) : new BigDecimal(big(number));
    }

    private static Double finite(Double value) {
        if (value.isInfinite() || value.isNaN()) {
            throw new ArithmeticException("not finite as a double");
        }
        return value;
    }
}
