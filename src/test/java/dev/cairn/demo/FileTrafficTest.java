package dev.cairn.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.JsonLines;

class FileTrafficTest {

    private static final int PARTITIONS = 4;
    private static final int LINES = 500;

    @TempDir
    Path directory;

    private final List<List<String>> topic =
            Stream.<List<String>>generate(ArrayList::new).limit(PARTITIONS).toList();

    private DemoSettings.InputFile file;

    @BeforeEach
    void writeFile() throws IOException {
        file = new DemoSettings.InputFile(
                directory.resolve("lines.ndjson"), JsonPointer.compile("/k"), JsonPointer.compile("/v"));
        write(IntStream.range(0, LINES).mapToObj(FileTrafficTest::line).toList());
    }

    @Test
    void shouldSendEachLineOnceInOrderHoweverOftenItIsStopped() {
        // When
        for (int part = 0; part < 4; part++) {
            send(check(), LINES / 4 - part);
        }
        send(check(), Integer.MAX_VALUE);

        // Then
        assertThat(topic.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, LINES)
                        .mapToObj(FileTrafficTest::line)
                        .toList());
        assertThat(topic).allSatisfy(partition -> assertThat(partition).isNotEmpty());
        assertThat(topic).allSatisfy(partition -> assertThat(
                        partition.stream().map(FileTrafficTest::number).toList())
                .isSorted());
    }

    @Test
    void shouldSayHowMuchIsThere() {
        // Given
        send(check(), 100);

        // When
        String description = check().description();

        // Then
        assertThat(description).contains("500 lines").contains("100 of them sent by an earlier demo");
    }

    @Test
    void shouldRefuseFileThatIsNotTheOldOne() throws IOException {
        // Given
        send(check(), 100);
        write(IntStream.range(0, LINES).mapToObj(n -> line(n).replace(" ", "")).toList());

        // When, Then
        assertThatThrownBy(this::check).isInstanceOf(DemoException.class).hasMessageContaining("lines.ndjson is not");
    }

    @Test
    void shouldRefuseFileThatIsShorterThanTheOldOne() throws IOException {
        // Given
        send(check(), 100);
        write(IntStream.range(0, 5).mapToObj(FileTrafficTest::line).toList());

        // When, Then
        assertThatThrownBy(this::check).isInstanceOf(DemoException.class).hasMessageContaining("lines.ndjson is not");
    }

    @Test
    void shouldNameLineWithoutKey() throws IOException {
        // Given
        write(List.of(line(0), "", "{\"v\": 1}"));

        // When, Then
        assertThatThrownBy(this::check)
                .isInstanceOf(JsonLines.BadInputException.class)
                .hasMessageStartingWith("line 3 of")
                .hasMessageContaining("has no key at /k");
    }

    @Test
    void shouldNameLineWithoutNumber() throws IOException {
        // Given
        write(List.of(line(0), "{\"k\": 1, \"v\": \"1\"}"));

        // When, Then
        assertThatThrownBy(this::check)
                .isInstanceOf(JsonLines.BadInputException.class)
                .hasMessageStartingWith("line 2 of")
                .hasMessageContaining("has no number at /v");
    }

    @Test
    void shouldNameLineThatIsNotJson() throws IOException {
        // Given
        write(List.of(line(0), line(1) + " }"));

        // When, Then
        assertThatThrownBy(this::check)
                .isInstanceOf(JsonLines.BadInputException.class)
                .hasMessageStartingWith("line 2 of")
                .hasMessageContaining("is not JSON");
    }

    @Test
    void shouldNameMissingFile() throws IOException {
        // Given
        Files.delete(file.path());

        // When, Then
        assertThatThrownBy(this::check)
                .isInstanceOf(JsonLines.BadInputException.class)
                .hasMessageContaining("lines.ndjson is not a file");
    }

    private FileTraffic check() {
        List<Optional<ConsumerRecord<String, String>>> last = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            last.add(last(partition));
        }
        return FileTraffic.check(file, "topic", last);
    }

    private Optional<ConsumerRecord<String, String>> last(int partition) {
        int size = topic.get(partition).size();
        if (size == 0) {
            return Optional.empty();
        }
        String text = topic.get(partition).get(size - 1);
        return Optional.of(new ConsumerRecord<>("topic", partition, size - 1, "key-" + number(text) % 50, text));
    }

    private void send(FileTraffic traffic, int atMost) {
        Pacer pacer = new Pacer(OptionalInt.empty());
        int[] left = {atMost};
        traffic.send(pacer, next -> {
            topic.get(next.partition()).add(text(next));
            left[0]--;
            if (left[0] == 0) {
                pacer.stop();
            }
        });
    }

    private static String text(ProducerRecord<byte[], byte[]> next) {
        return new String(next.value(), StandardCharsets.UTF_8);
    }

    private static String line(int number) {
        return "{\"k\": \"key-" + number % 50 + "\", \"v\": " + number + "}";
    }

    private static Integer number(String line) {
        return Integer.valueOf(line.replaceAll(".*\"v\":\\s*(\\d+)}", "$1"));
    }

    private void write(List<String> lines) throws IOException {
        Files.write(file.path(), lines);
    }
}
