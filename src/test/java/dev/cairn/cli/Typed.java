package dev.cairn.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine;

/** What came of a command that was typed. */
record Typed(int exitCode, String out, String err) {

    static Typed command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands =
                CommandLines.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commands.execute(arguments);
        return new Typed(exitCode, out.toString(), err.toString());
    }

    JsonNode json() {
        return json(out);
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
