package org.example.words;

import java.util.TreeMap;
import java.util.regex.Pattern;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

/** Counts the words that each author has written, and keeps the latest lines: the key is the author, the value a line of text. */
@Dependent
@Named("words")
public class WordCount implements Processor<String, String, String, Long> {

    private static final Pattern SPACE = Pattern.compile("\\W+");

    private ValueState<Counts> counts;
    private ListState<String> latest;

    @Override
    public void declare(Declaration<String, String, String, Long> declare) {
        declare.input(Serdes.String(), Serdes.String());
        declare.output(Serdes.String(), Serdes.Long());
        counts = declare.valueState("counts", JsonSerde.of(Counts.class));
        latest = declare.listState("latest", Serdes.String());
    }

    @Override
    public void process(InputRecord<String, String> line, Output<String, Long> output) {
        Counts now = counts.valueOr(Counts.NONE);
        for (String word : SPACE.split(line.value())) {
            if (!word.isEmpty()) {
                now = now.with(word);
                output.emit(line.key() + "/" + word, now.of(word));
            }
        }
        counts.update(now);
        latest.add(line.value());
        latest.keepLast(3);
    }

    /** How often an author has written each word. */
    public record Counts(TreeMap<String, Long> words) {

        static final Counts NONE = new Counts(new TreeMap<>());

        Counts with(String word) {
            TreeMap<String, Long> more = new TreeMap<>(words);
            more.merge(word, 1L, Long::sum);
            return new Counts(more);
        }

        long of(String word) {
            return words.get(word);
        }
    }
}
