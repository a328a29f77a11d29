package dev.cairn.rest;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;

import dev.cairn.storage.Printable;

/** JSON that can be shown in a terminal: also the control characters beyond ASCII, and what turns the direction of text. */
final class PrintableEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7F;

    @Override
    public int[] getEscapeCodesForAscii() {
        int[] escapes = standardAsciiEscapesForJSON();
        escapes[DELETE] = ESCAPE_STANDARD;
        return escapes;
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
        return Printable.isHidden(c) ? new SerializedString(Printable.escape(c)) : null;
    }
}
