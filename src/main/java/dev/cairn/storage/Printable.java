package dev.cairn.storage;

import java.util.Locale;

/**
 * Text of others, for logs and terminals: what would act on one, or show a line as another, is written as an escape such as
 * <code>\\u001b</code>. These are control characters, Unicode's separators of lines, and its marks that turn the direction of
 * text. Inside of a JSON string the escapes mean what they stand for.
 */
public final class Printable {

    private static final int MAX_VALUE = 100;

    private Printable() {}

    /** As one line. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** As lines: those that it has, and its tabs, stay. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /** A value that someone sent, as one line, cut where it is long. */
    public static String value(String text) {
        boolean isLong = text.codePointCount(0, text.length()) > MAX_VALUE;
        return line(isLong ? text.substring(0, text.offsetByCodePoints(0, MAX_VALUE)) + "..." : text);
    }

    /** Whether a character is written as an escape. */
    public static boolean isHidden(int c) {
        return Character.isISOControl(c)
                || c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /** The escape of a character. */
    public static String escape(int c) {
        return String.format(Locale.ROOT, "\\u%04x", c);
    }

    private static String escaped(String text, boolean lines) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = !isHidden(c) || (lines && (c == '\n' || c == '\t'));
            if (!plain && escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null && plain) {
                escaped.append(c);
            } else if (escaped != null) {
                escaped.append(escape(c));
            }
        }
        return escaped == null ? text : escaped.toString();
    }
}
