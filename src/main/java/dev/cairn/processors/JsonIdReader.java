package dev.cairn.processors;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;

/** Reads what tells one thing from another: a text, a number as it is written, or a boolean. */
final class JsonIdReader extends JsonReader<String> {

    /** Reads at this place. */
    JsonIdReader(JsonPointer pointer) {
        super(pointer);
    }

    /** The text of a string begins with a quote, so that it is not that of a number. */
    @Override
    String take(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> "\"" + encodable(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> parser.getText();
            case VALUE_NULL -> throw none("there is null");
            case START_OBJECT -> throw none("there is an object");
            case START_ARRAY -> throw none("there is an array");
            default -> throw none("there is something else");
        };
    }

    /** What UTF-8 cannot encode would be stored as a question mark, so that different ids became one. */
    private String encodable(String text) {
        if (text.codePoints().anyMatch(each -> Character.getType(each) == Character.SURROGATE)) {
            throw none("the text there has half of a surrogate pair, which UTF-8 cannot encode");
        }
        return text;
    }

    @Override
    NoIdException none(String pointer, String why) {
        return new NoIdException(pointer, why);
    }
}
