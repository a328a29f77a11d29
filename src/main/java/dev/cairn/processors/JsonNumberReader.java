package dev.cairn.processors;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;

/**
 * Reads numbers: a {@link Long} or {@link java.math.BigInteger} where it is written without fraction and exponent, else a {@link
 * Double}. Where there is none, it throws a {@link NoNumberException}.
 */
final class JsonNumberReader extends JsonReader<Number> {

    /** Reads at this place. */
    JsonNumberReader(JsonPointer pointer) {
        super(pointer);
    }

    @Override
    Number take(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> Numbers.canonical(parser.getNumberValue());
            case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
            case VALUE_STRING -> throw none("there is a string");
            case VALUE_NULL -> throw none("there is null");
            case VALUE_TRUE, VALUE_FALSE -> throw none("there is a boolean");
            case START_OBJECT -> throw none("there is an object");
            case START_ARRAY -> throw none("there is an array");
            default -> throw none("there is something else");
        };
    }

    private Double finite(double value) {
        if (!Double.isFinite(value)) {
            throw none("the one there is too large for a double");
        }
        return value;
    }

    @Override
    NoNumberException none(String pointer, String why) {
        return new NoNumberException(pointer, why);
    }
}
